"""Known vulnerabilities of the locked packages and of torch, which the Makefile names.

pip-audit finds "no known vulnerabilities" too where it has reached no database at all; this tells
the two apart. Exit code 0 where there is none, or no database; 1 where there is one.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
SECONDS = 300


def audit(requirements: Path, *options: str) -> list[dict[str, Any]]:
    """Ask for each package of a requirements file; give pip-audit's report.

    Raises
    ------
    RuntimeError
        If pip-audit does not come to an end by itself, with its reason.
    """
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), *options]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        found: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"no answer within {SECONDS} s") from None
    except ValueError:
        raise RuntimeError((ended.stderr.strip().splitlines() or ["no report"])[-1]) from None
    return found


def verdict(packages: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Give the exit code and what to say of a report."""
    asked = [package for package in packages if "vulns" in package]
    if not asked:
        return 0, [f"skipped: the database knows none of {len(packages)} packages; is there one?"]
    lines = [
        f"error: {package['name']} {package['version']}: {fault['id']}, mended in "
        f"{', '.join(fault['fix_versions']) or 'no version yet'}"
        for package in asked
        for fault in package["vulns"]
    ]
    said = f"{len(asked)} of {len(packages)} packages looked up, {len(lines)} vulnerabilities."
    return (1 if lines else 0), [*lines, said]


def main() -> int:
    """Audit, and say what came out."""
    version = re.search(r"^TORCH := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert version is not None
    try:
        packages = audit(ROOT / "requirements.lock", "--require-hashes")
        with TemporaryDirectory() as folder:
            torch = Path(folder) / "torch.txt"
            torch.write_text(f"torch=={version[1]}\n", encoding="utf-8")
            packages += audit(torch, "--no-deps")
    except RuntimeError as reason:
        print(f"skipped: pip-audit: {reason}")
        return 0
    code, lines = verdict(packages)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())

"""What others could slip in: packages, actions, and the rights that CI has."""

import importlib.util
import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.fixture(scope="module")
def audit():
    """Give .ci/audit.py, as a module."""
    found = importlib.util.spec_from_file_location("audit", ROOT / ".ci/audit.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_environment_is_installed_by_hash():
    makefile = (ROOT / "Makefile").read_text()
    assert "--require-hashes --no-deps -r requirements.lock" in makefile
    installs = re.findall(r"\$\(PIP\) (.*)", makefile)
    # torch's build depends on the machine; the project itself takes nothing along.
    assert installs[1:] == ["torch==$(TORCH)", "--no-deps --no-build-isolation -e ."]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_may_do_little(path):
    content = yaml.safe_load(path.read_text())
    assert content["permissions"] == {"contents": "read"}
    events = content[True]  # YAML 1.1 reads `on` as true
    assert "pull_request_target" not in events and "workflow_run" not in events
    used = 0
    for job in content["jobs"].values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            if "uses" in step:
                used += 1
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
                if step["uses"].startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False
            # What somebody names a branch is not run.
            assert "${{ github." not in step.get("run", "")
    assert used


def report(**vulnerabilities) -> list[dict]:
    known = [
        {"name": name, "version": "1.0", "vulns": [{"id": fault, "fix_versions": ["1.1"]}]}
        for name, fault in vulnerabilities.items()
    ]
    return [*known, {"name": "safe", "version": "2.0", "vulns": []}]


SKIPPED = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}


def test_a_vulnerability_is_a_fault(audit):
    code, lines = audit.verdict([*report(torch="CVE-2099-1"), SKIPPED])
    assert code == 1
    assert lines[0] == "error: torch 1.0: CVE-2099-1, mended in 1.1"
    assert lines[-1] == "2 of 3 packages looked up, 1 vulnerabilities."
    assert audit.verdict(report())[0] == 0


def test_no_database_is_not_taken_for_no_vulnerability(audit):
    code, (line,) = audit.verdict([SKIPPED, SKIPPED])
    assert code == 0
    assert line.startswith("skipped: the database knows none of 2 packages")


@pytest.mark.parametrize(("said", "reason"), [("", "no route"), ("{", "no route")])
def test_no_answer_is_told_as_such(audit, monkeypatch, said, reason):
    ended = subprocess.CompletedProcess([], 1, stdout=said, stderr=f"a long story\n{reason}\n")
    monkeypatch.setattr(subprocess, "run", lambda *given, **options: ended)
    with pytest.raises(RuntimeError, match=reason):
        audit.audit(Path("requirements.lock"))


def test_the_report_is_read_as_pip_audit_writes_it(audit, monkeypatch):
    text = json.dumps({"dependencies": report(numpy="PYSEC-1"), "fixes": []})
    ended = subprocess.CompletedProcess([], 1, stdout=text, stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *given, **options: ended)
    assert audit.verdict(audit.audit(Path("requirements.lock")))[0] == 1

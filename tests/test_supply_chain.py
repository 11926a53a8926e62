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


KNOWN = {
    "torch": {"version": "1.0", "vulns": [{"id": "CVE-2099-1", "fix_versions": ["1.1"]}]},
    "safe": {"version": "2.0", "vulns": []},
    "unknown": {"skip_reason": "Dependency not found on PyPI"},
}


@pytest.fixture
def verdict(audit, monkeypatch):
    """Give the verdict on some of these packages, as pip-audit reports them."""

    def verdict(*names):
        report = {"dependencies": [{"name": name, **KNOWN[name]} for name in names], "fixes": []}
        ended = subprocess.CompletedProcess([], 1, stdout=json.dumps(report), stderr="")
        monkeypatch.setattr(subprocess, "run", lambda *given, **options: ended)
        return audit.verdict(audit.audit(Path("requirements.lock")))

    return verdict


def test_a_vulnerability_is_a_fault(verdict):
    code, lines = verdict(*KNOWN)
    assert code == 1
    assert lines[0] == "error: torch 1.0: CVE-2099-1, mended in 1.1"
    assert lines[-1] == "2 of 3 packages looked up, 1 vulnerabilities."
    assert verdict("safe")[0] == 0


def test_no_database_is_not_taken_for_no_vulnerability(verdict):
    code, (line,) = verdict("unknown", "unknown")
    assert code == 0
    assert line.startswith("skipped: the database knows none of 2 packages")


@pytest.mark.parametrize("said", ["", "{"])
def test_no_answer_is_told_as_such(audit, monkeypatch, said):
    ended = subprocess.CompletedProcess([], 1, stdout=said, stderr="a long story\nno route\n")
    monkeypatch.setattr(subprocess, "run", lambda *given, **options: ended)
    with pytest.raises(RuntimeError, match="no route"):
        audit.audit(Path("requirements.lock"))

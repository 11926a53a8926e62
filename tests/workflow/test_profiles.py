"""The profiles, and the jobs that Snakemake starts elsewhere, without a cluster."""

import pytest


@pytest.mark.parametrize("profile", ["gpu", "slurm"])
def test_a_profile_is_read_beside_the_default_one(finished, profile):
    # No SLURM is needed to see what would be done.
    ended = finished.snakemake("--profile", f"workflow/profiles/{profile}", "--dry-run")
    assert ended.code == 0, ended.text
    first = f"workflow/profiles/{profile} and workflow specific profile profiles/default"
    assert first in ended.text.splitlines()[0]
    assert "Nothing to be done" in ended.text


def test_a_job_on_another_machine_leaves_the_settings_alone(project):
    def settings() -> dict[str, bytes]:
        files = project.path(".snakemake/settings").rglob("*.json")
        return {str(path): path.read_bytes() for path in files}

    before = settings()
    assert before
    # As if the parameters were edited while jobs wait in a queue.
    project.change("figures.dpi", 70)
    assert project.snakemake("--mode", "remote", "--dry-run").code == 0
    assert settings() == before
    assert project.snakemake("--dry-run").code == 0
    assert settings() != before

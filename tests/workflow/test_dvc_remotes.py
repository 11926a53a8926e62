"""The remotes as docs/dvc.md has them, without a network: the folder beside the clone is the
default that is committed, and S3 takes its place by the commands given there, what is private kept
out of git. Pushing and pulling through the default is in test_dvc.py."""

from small_project import Project


def test_s3_takes_the_place_of_the_local_remote(tmp_path):
    project = Project.create(tmp_path / "with space")
    project.commit()
    project.environment["COLUMNS"] = "500"  # one line for each remote, however long its path

    def remotes() -> list[str]:
        return [" ".join(line.split()) for line in project.dvc("remote", "list").text.splitlines()]

    local = f"local {tmp_path / 'phase_diagram-results'}"
    assert remotes() == [f"{local} (default)"]
    for command in (
        ("add", "--default", "s3remote", "s3://bucket/path"),
        ("modify", "s3remote", "region", "eu-central-1"),
        ("modify", "--local", "s3remote", "profile", "mine"),
    ):
        ended = project.dvc("remote", *command)
        assert ended.code == 0, ended.text
    assert remotes() == [local, "s3remote s3://bucket/path (default)"]
    # What is private is in a file that git ignores.
    assert project.run("git", "status", "--short").text == " M .dvc/config\n"
    assert "mine" not in project.path(".dvc/config").read_text()
    assert "mine" in project.path(".dvc/config.local").read_text()
    assert project.dvc("remote", "default", "local").code == 0
    assert remotes() == [f"{local} (default)", "s3remote s3://bucket/path"]

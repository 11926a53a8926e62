"""What counts of a source: its statements, by name and contents, not by place or age."""

import pytest

from phase_diagram.files import hashes
from phase_diagram.files.hashes import code_sha256, statements

MODULE = '''"""A module."""

LIMIT = 3  # of steps
"""What it is for."""

# A comment.


def function(value):
    """Do it.

    At length.
    """
    text = "a # in a text" + 'it\\'s # another'  # a comment's end
    return f"""{value}

    # no comment
    """, text


class Empty:
    """Nothing but a docstring."""
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""', '"""Another word."""'),
        ("  # of steps", ""),
        ("# A comment.", "# A comment,\n# longer."),
        ("    At length.\n", ""),
        ('"""What it is for."""\n', ""),
        ("\n\n\ndef", "\n\ndef"),
        ("# a comment's end", "# another"),
    ],
)
def test_comments_docstrings_and_blank_lines_do_not_count(old, new):
    assert MODULE.count(old) == 1
    assert statements(MODULE.replace(old, new)) == statements(MODULE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("a # in a text", "a # in another text"),
        ("it\\'s # another", "it\\'s # other"),
        ("# no comment", "# no, text"),
        ("return", "yield"),
    ],
)
def test_all_else_counts(old, new):
    assert MODULE.count(old) == 1
    assert statements(MODULE.replace(old, new)) != statements(MODULE)


def test_code_counts_by_name_and_contents(tmp_path, monkeypatch):
    monkeypatch.setattr(hashes, "PACKAGE", tmp_path)
    (tmp_path / "inner/__pycache__").mkdir(parents=True)
    for name in ("one.py", "inner/two.py"):
        (tmp_path / name).write_text(f"name = {name!r}\n")
    (tmp_path / "inner/numbers.txt").write_text("1 2 3\n# 4\n")
    (tmp_path / "inner/__pycache__/two.cpython-311.pyc").write_text("")
    found = code_sha256("one.py", "inner")
    assert list(found) == ["inner/numbers.txt", "inner/two.py", "one.py"]
    assert code_sha256("inner", "inner/two.py", "one.py") == found
    with pytest.raises(FileNotFoundError, match="absent"):
        code_sha256("absent.py")

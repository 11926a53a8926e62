import math

import pytest

from phase_diagram.files.json_files import read_json, write_json


def test_file_is_sorted_and_indented(tmp_path):
    write_json(tmp_path / "some.json", {"rows": 2, "networks": 6}, indent=2)
    assert (tmp_path / "some.json").read_bytes() == b'{\n  "networks": 6,\n  "rows": 2\n}\n'
    assert read_json(tmp_path / "some.json") == {"networks": 6, "rows": 2}


def test_nan_never_reaches_the_file(tmp_path):
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(tmp_path / "metrics.json", {"rows": math.nan})
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_or_damaged_is_none(tmp_path):
    (tmp_path / "half.json").write_text('{"rows": ')
    assert read_json(tmp_path / "half.json") is read_json(tmp_path / "none.json") is None

"""CSV files with faults in them, for hypothesis: what was put in is known."""

from dataclasses import dataclass

from endings import damaged
from hypothesis import strategies as st

# Written numbers that are none, or not finite.
BAD_CELLS = (
    *("", " ", "one", "nan", "NaN", "-nan", "inf", "-Infinity", "1e400", "-1e999", "1_000", "1__0"),
    *("0x1p3", "0x10", "0b1", "1e", "e1", ".", "+", "--1", "+-1", "1.2.3", "1e1.5", "1 2", "1;2"),
    *("\u0661", "\uff11", "\u00bd", "\u00b2", "\u22121", "1\u200b", "\ufeff1", "1\u00a00"),
    *("1\0", "\0", "\x1b[31m", "1d5", "1f", "1L", "true", "None", "#N/A", "=1+1", "1%", "$1"),
    *("\U0001d7d9", "9" * 999 + "x", "1e" + "9" * 400, "(1)", "[1]", "1j", "\u2028", "\u202e1"),
)
GOOD_CELLS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(-1e300, 1e300).map("{:.3e}".format),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["+1", ".5", "1.", "-0", "5e-324", "1e-400", "1E+2", "007"]),
    st.sampled_from(["0" * 400, "1." + "0" * 999]),
)
_LINE_ENDS = ("\n", "\r\n", "\r")


@dataclass(frozen=True)
class Table:
    """A CSV file, and what was written into it.

    Attributes
    ----------
    content : bytes
    rows : list of list of str
        The cells under the header.
    faults : set of (line, column)
        Where the cells are that are no finite numbers.
    """

    content: bytes
    rows: list[list[str]]
    faults: set[tuple[int, str]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Give a table of the right form, with some bad cells or none."""
    columns = [f"x{one + 1}" for one in range(draw(st.integers(1, 3)))] + ["y"]
    count = draw(st.integers(1, 4))
    places = st.tuples(st.integers(0, count - 1), st.sampled_from(columns))
    bad = draw(st.sets(places, min_size=1, max_size=3)) if draw(st.booleans()) else set()
    quoted, padding = draw(st.booleans()), draw(st.sampled_from(["", "", " ", "\t "]))
    rows, lines, faults = [], [",".join(columns)], set()
    for row in range(count):
        lines += [""] * draw(st.integers(0, 1))
        cells = []
        for column in columns:
            is_bad = (row, column) in bad
            cells.append(draw(st.sampled_from(BAD_CELLS) if is_bad else GOOD_CELLS))
            if is_bad:
                faults.add((len(lines) + 1, column))
        # A line with nothing but one separator is no blank line: it has two empty cells.
        lines.append(",".join(f'"{one}"' if quoted else f"{padding}{one}" for one in cells))
        rows.append(cells)
    text = draw(st.sampled_from(_LINE_ENDS)).join([*lines, ""] if draw(st.booleans()) else lines)
    mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    return Table(mark + text.encode(), rows, faults)


_PIECES = (
    *(b",", b",,", b'"', b'""', b"\n", b"\r", b"\r\n", b"\n\n", b"\0", b";", b"\t", b" ", b"#"),
    *(b"\xff", b"\xc3\xa9", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x1a", b"\x0c", b"\x1c", b"\x85"),
    *(b"nan", b"1e999", b"1,2\n", b"x1,y\n", b'"a\nb"', b"x" * 200_000, b"9" * 131_000, b"-"),
)


def damaged_tables() -> st.SearchStrategy[bytes]:
    """Give a table with a few pieces cut out, put in or repeated."""
    whole = tables().filter(lambda table: not table.faults)
    return whole.flatmap(lambda table: damaged(table.content, _PIECES))

"""Parameter files with faults in them: strategies for hypothesis, from valid files on."""

import copy
from typing import Any

import yaml
from hypothesis import strategies as st

_POINTS = [[0.5, 0.0], [1.0, 0.0]]
_GRID: dict[str, Any] = {
    "dataset": "four_points",
    "gamma": [0.5, 1.0],
    "gamma_prime": {"start": 0.0, "stop": 0.5, "step": 0.5},
    "widths": [100, 1000],
    "seeds": 2,
    "tolerance": 1e-5,
}
# Every section, every kind of experiment and of study. points.csv has to lie beside the file.
FULL: dict[str, Any] = {
    "experiments": {
        "flow": {**_GRID, "method": "gradient_flow", "points_per_job": 4},
        "own": {**_GRID, "dataset": "points.csv"},
        "digits": {**_GRID, "dataset": "mnist"},
        "limit": {**_GRID, "quadrature": 64, "widths": [100, 1.0e18]},
        "descent": {**_GRID, "method": "gradient_descent", "first_rate": 2.0, "step_limit": 100},
    },
    "studies": {
        "initialisations": {"paper": {"width": 1000, "dimension": 785}},
        "portraits": {"line": {"experiment": "own", "points": _POINTS, "width": 50, "seed": 0}},
        "relative_distances": {"flow": {"experiment": "flow", "points": _POINTS}},
        "scales": {
            "flow": {
                "experiment": "flow",
                "points": _POINTS,
                "beta2_exponents": [0.0, 0.5],
                "widths": [20, 40],
                "seeds": 2,
            }
        },
        "kernels": {"flow": {"experiment": "flow", "points": _POINTS, "widths": [20, 40]}},
        "descents": {"both": {"flow": "flow", "descent": "descent"}},
        "local_slopes": {"both": {"quadrature": "limit", "random": "flow", "points": _POINTS}},
    },
    "datasets": {"mnist_images": 3},
    "figures": {"dpi": 60, "width_inches": 6.0, "colour_map": "RdBu", "colour_limit": 1.5},
}

# What may stand where a value does, as it is written.
WRITTEN = (
    *("null", "~", "", "true", "no", "[]", "{}", "''", "text", "[[]]", "[1, 2]", "{a: 1}"),
    *("0", "-0", "-1", "1", "1e-6", "1.5", "-0.0", "5e-324", "1e-400", "1e400", "-1e308"),
    *(".nan", ".inf", "-.inf", "nan", "inf", "0x10", "0o17", "0100", "1:30", "1_000", "1e18"),
    *("9" * 30, "9" * 5000, f'"{"9" * 5000}"', "1e" + "9" * 50, "0." + "1" * 500, "1000000001"),
    *("2001-01-01", "2001-01-01T00:00:00Z", "!!timestamp 2001-01-01", "!!binary aGVsbG8="),
    *("!!python/object/apply:os.getcwd []", "!!python/name:os.system", "!!python/tuple [1]"),
    *("!!set {a}", "!!omap [a: 1]", "!!int x", "!!int 1:1", "!!float ''", "!!str 1", "!!int 7"),
    *("&r [*r]", "&r {a: *r}", "&r {<<: *r}", "*nowhere", "<<", "=", "!own 1", "! 1", "{<<: 1}"),
    *('"\\0"', '"\\ud800"', '"\\uD83D\\uDE00"', '"\\e[31m"', '"a\\nb"', '"\\U0010ffff"', '"é"'),
    *("[" * 40 + "]" * 40, "{a: " * 40 + "}" * 40, "[" * 2000, "x" * 3000, "mnist", "points.csv"),
    *("absent.csv", "../points.csv", "/dev/zero", "/dev/null.csv", ".", '"p\\0.csv"', "p{x}.csv"),
)
KEYS = (
    *("experiments", "studies", "dataset", "gamma", "1", "null", "1.5", "true", ".nan", '""'),
    *('"a b"', "../up", "/etc", "figures", "é", "x" * 3000, '"\\0"', '"\\ud800"', "? [1]"),
    *("? {a: 1}", "<<", "!!binary aGVsbG8=", "!!timestamp 2001-01-01", "-1", "9" * 25, "Flow"),
)


def _places(node: Any) -> list[tuple[Any, Any]]:
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    inner = [node[key] for key in keys if isinstance(node[key], dict | list)]
    return [(node, key) for key in keys] + [place for one in inner for place in _places(one)]


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Give a valid file, most often with one to three faults in its YAML or in its bytes."""
    tree, written = copy.deepcopy(FULL), {}
    numbers = st.one_of(st.integers(), st.floats()).map(repr)
    for number in range(draw(st.integers(0, 3))):
        node, key = draw(st.sampled_from(_places(tree)))
        change = draw(st.sampled_from(["value", "value", "delete", "key", "insert"]))
        if change == "delete":
            del node[key]
        elif change == "key" and isinstance(node, dict):
            node[f"KEY{number}"] = node.pop(key)
            wrong = [key[1:], key + "s", key.upper(), key[::-1], f" {key} "]
            written[f"KEY{number}"] = draw(st.sampled_from(wrong))
        else:
            name = f"KEY{number}" if change == "insert" and isinstance(node, dict) else key
            node[name] = f"VALUE{number}"
            written[f"KEY{number}"] = draw(st.sampled_from(KEYS))
            written[f"VALUE{number}"] = draw(st.one_of(st.sampled_from(WRITTEN), numbers))
    text = yaml.safe_dump(tree, default_flow_style=True, width=10**6)
    # As it is: what YAML would put into quotes, too.
    for mark, piece in written.items():
        text = text.replace(mark, piece)
    content = text.encode("utf-8", "surrogatepass")
    return draw(st.sampled_from(_ENCODINGS))(content) if draw(st.integers(0, 4)) == 0 else content


_ENCODINGS = (
    lambda content: b"\xef\xbb\xbf" + content,
    lambda content: content.replace(b", ", b",\r\n "),
    lambda content: content.replace(b", ", b",\n\t"),
    lambda content: content.replace(b" ", b"\xc2\xa0", 3),
    lambda content: content.decode().encode("utf-16"),
    lambda content: content.replace(b"a", b"\xe9", 1),
    lambda content: content.replace(b"s", b"\0", 1),
    lambda content: b"%YAML 1.1\n---\n" + content + b"...\n",
    lambda content: content[: len(content) // 2],
    lambda content: b"!!python/object:os.system " + content,
)
PIECES = (
    *(b"{", b"}", b"[", b"]", b":", b": ", b"- ", b"&a ", b"*a", b"<<: ", b"? ", b"|\n", b">"),
    *(b"'", b'"', b"#", b"\t", b"\n", b"\r", b"\0", b"\x1b", b"\xff", b"\xef\xbb\xbf"),
    *(b"!!int ", b"---\n", b"9" * 40, b"-", b".nan", b"1e999", b"null", b"@", b"`", b"%"),
    *(b"\xe2\x80\xa8", b"\xc2\x85"),
)

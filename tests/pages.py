"""Commands of a page and what they print, and whether a real output is as the page has it."""

import math
import re
from dataclasses import dataclass, field

LEFT_OUT = "[...]"
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
TOLERANCE = 0.02  # last digits, which differ between machines; a wrong number is further off


@dataclass
class Command:
    """A command of a page, with the lines that it is said to print."""

    text: str
    shown: list[str] = field(default_factory=list)


def commands(page: str) -> list[Command]:
    """Take the commands from all blocks ```console: `$ ` begins one, `> ` goes on with it."""
    found: list[Command] = []
    for block in re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Command(line[2:]))
            elif line.startswith("> "):
                found[-1].text += "\n" + line[2:]
            else:
                found[-1].shown.append(line)
    return found


def missing(shown: list[str], printed: str) -> str | None:
    """Give the first line of the page that is not in the output, in its order; None: all are.

    Lines follow each other directly but where the page leaves some out.
    """
    lines = [line.strip() for line in printed.splitlines()]
    at, may_skip = 0, False
    for line in map(str.strip, shown):
        if line == LEFT_OUT:
            may_skip = True
            continue
        end = len(lines) if may_skip else at + 1
        place = next((k for k in range(at, min(end, len(lines))) if alike(line, lines[k])), None)
        if place is None:
            return line
        at, may_skip = place + 1, False
    return None if may_skip or at == len(lines) else f"nothing more, not: {lines[at]}"


def alike(shown: str, printed: str) -> bool:
    """Compare a line word by word, numbers but for their last digits."""
    begin, cut, _ = shown.partition(LEFT_OUT)
    # Rounding may make a number a digit shorter, and a column of the table narrower.
    words = [" ".join(_NUMBER.sub("#", text).split()) for text in (begin, printed)]
    same = words[1].startswith(words[0]) if cut else words[0] == words[1]
    numbers = [[float(one) for one in _NUMBER.findall(text)] for text in (begin, printed)]
    return same and all(
        # A standard error is a small difference of large numbers.
        math.isclose(*pair, rel_tol=TOLERANCE, abs_tol=1e-9)
        for pair in zip(*numbers, strict=not cut)
    )

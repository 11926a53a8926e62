"""Equal shares of the neurons of wide networks, which stand in a batch like networks of their own.

For a GPU: its matrix library gives the sum over a million neurons of one network to one or two of
its hundred processors. A thousand sums over a few thousand neurons each keep all of them busy.
"""

from collections.abc import Iterable

from torch import Tensor

# Neurons in a share, at least; and as a multiple of the samples, which in their turn make a sum
# over neurons many sums at once.
SMALLEST = 2**12
BY_SAMPLES = 8


def count(a: Tensor, samples: int) -> int:
    """Into how many equal shares the neurons of networks a (B, m) are best cut."""
    if not a.is_cuda:
        return 1
    width = a.shape[1]
    most = width // max(SMALLEST, BY_SAMPLES * samples)
    return next((number for number in range(most, 1, -1) if width % number == 0), 1)


def cut(values: Tensor, shares: int) -> Tensor:
    """From (B, ..., m) to (B s, ..., m / s), contiguous."""
    if shares == 1:
        return values.contiguous()
    return values.unflatten(-1, (shares, -1)).movedim(-2, 1).flatten(0, 1).contiguous()


def joined(values: Tensor) -> Tensor:
    """Put the shares (s, ..., m / s) of one network together: (..., m)."""
    return values[0] if len(values) == 1 else values.movedim(0, -2).flatten(-2)


def total(values: Tensor, shares: int) -> Tensor:
    """Sums over neurons from those over each share: (B s, ...) to (B, ...)."""
    return values if shares == 1 else values.unflatten(0, (-1, shares)).sum(1)


def each(values: Tensor, shares: int) -> Tensor:
    """Give what is of a network to each of its shares: (B, ...) to (B s, ...)."""
    return values if shares == 1 else values.repeat_interleave(shares, 0)


def places(networks: Iterable[int], shares: int) -> list[int]:
    """Where in the batch the shares of networks stand."""
    return [network * shares + share for network in networks for share in range(shares)]

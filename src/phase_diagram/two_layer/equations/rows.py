"""Sums over samples and over neurons, of tensors or of their unrolled rows.

A tensor (B, k, m) holds k numbers for each of m neurons. Torch, and the compiler for many samples,
use it as it is. For few samples the compiler gets its k rows one by one (`Rows`): everything
computed for a neuron is then in one loop over the neurons, in registers. The equations of
network.py, gates.py and passes.py are written once and work with both.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

# Up to this many samples, the loop over them is unrolled inside the loop over the neurons.
UNROLLED = 8


class Rows:
    """A tensor (B, k, m) as k tensors (B, m); operations element by element work as on tensors."""

    def __init__(self, rows: list[Tensor]) -> None:
        self.rows = rows

    @classmethod
    def of(cls, values: Tensor) -> "Rows":
        """Split a tensor (B, k, m) into its rows."""
        return cls(list(values.unbind(1)))

    def stacked(self) -> Tensor:
        """Stack the rows to a tensor (B, k, m)."""
        return torch.stack(self.rows, 1)

    def total(self) -> Tensor:
        """The sum over the rows: (B, m)."""
        total = self.rows[0]
        for row in self.rows[1:]:
            total = total + row
        return total

    @classmethod
    def __torch_function__(
        cls, function: Callable[..., Any], _: Any, args: Any = (), kwargs: Any = None
    ) -> "Rows":
        """Apply a function of torch row by row; other tensors must broadcast to (B, k, m)."""
        count = max(len(each.rows) for each in args if isinstance(each, Rows))
        rows = [function(*(_row(each, k) for each in args), **(kwargs or {})) for k in range(count)]
        return cls(rows)

    def __getattr__(self, name: str) -> Callable[..., "Rows"]:
        function = getattr(Tensor, name)
        return lambda *args, **kwargs: self.__torch_function__(function, (), (self, *args), kwargs)


def _operator(name: str) -> Callable[..., Rows]:
    function = getattr(Tensor, name)
    return lambda self, *args: Rows.__torch_function__(function, (), (self, *args))


for _name in (
    "add",
    "radd",
    "sub",
    "rsub",
    "mul",
    "rmul",
    "truediv",
    "neg",
    "lt",
    "gt",
    "le",
    "ne",
):
    setattr(Rows, f"__{_name}__", _operator(f"__{_name}__"))


def _row(value: Any, k: int) -> Any:
    if isinstance(value, Rows):
        return value.rows[k]
    if isinstance(value, Tensor) and value.dim() == 3:
        return value[:, k if value.shape[1] > 1 else 0]
    return value


def combine(matrix: Tensor, values: Tensor) -> Tensor:
    """Sums over samples (or dimensions): matrix (p, k) or (B, p, k) @ values (B, k, m)."""
    if not isinstance(values, Rows):
        return matrix @ values
    weights = matrix if matrix.dim() == 3 else matrix[None]
    sums = [over_rows(values * weights[:, p, :, None]) for p in range(weights.shape[1])]
    return Rows(sums)  # type: ignore[return-value]


def outer(weights: Tensor, values: Tensor) -> Tensor:
    """Products of weights (B, k) and values (B, m): (B, k, m)."""
    count = weights.shape[1]
    if torch.compiler.is_exporting() and count <= UNROLLED:
        rows = [weights[:, k, None] * values for k in range(count)]
        return Rows(rows)  # type: ignore[return-value]
    return weights[:, :, None] * values[:, None, :]


def weigh(weights: Tensor, values: Tensor) -> Tensor:
    """One weighted sum over samples: weights (B, k), values (B, k, m) to (B, m)."""
    if not isinstance(values, Rows):
        return (weights[:, None, :] @ values)[:, 0, :]
    return over_rows(values * weights[:, :, None])


def over_rows(values: Tensor) -> Tensor:
    """The sum of values (B, k, m) over k: (B, m)."""
    return values.total() if isinstance(values, Rows) else values.sum(1)


def over_neurons(values: Tensor, weights: Tensor) -> Tensor:
    """Sums over neurons: values (B, k, m), weights (B, m) to (B, k)."""
    if not isinstance(values, Rows):
        return (values @ weights[:, :, None])[:, :, 0]
    return torch.stack([(row * weights).sum(1) for row in values.rows], 1)


def gram(values: Tensor) -> Tensor:
    """Inner products over neurons of all pairs of the k rows of (B, k, m): (B, k, k)."""
    if not isinstance(values, Rows):
        count = values.shape[1]
        if torch.compiler.is_exporting() and count % 8:
            # Padding the rows to whole SIMD vectors makes the product 1.5 times as fast. By cat:
            # the compiled pad reads beyond the end of its input.
            nothing = values.new_zeros(values.shape[0], -count % 8, values.shape[2])
            values = torch.cat([values, nothing], 1)
        return (values @ values.mT)[:, :count, :count]
    count = len(values.rows)
    half = [[(values.rows[i] * values.rows[j]).sum(1) for j in range(i + 1)] for i in range(count)]
    rows = [[half[max(i, j)][min(i, j)] for j in range(count)] for i in range(count)]
    return torch.stack([torch.stack(row, 1) for row in rows], 1)

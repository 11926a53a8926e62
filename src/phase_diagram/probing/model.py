"""A module as a function of one vector of weights: outputs, tangent kernel, velocity."""

from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vjp, vmap

from phase_diagram.errors import InputError
from phase_diagram.probing.factories import telling, trainable

# Bytes of a Jacobian that is stored; a larger one is recomputed in blocks of samples.
MEMORY = 2**29


class Model:
    """Outputs on fixed data as a function of the trainable weights, flattened.

    Parameters
    ----------
    module : torch.nn.Module
        In float64; it is not changed.
    inputs : Tensor (n, ...)
    targets : Tensor (n,) or (n, k)
    called : str
        Its name in messages.
    memory : int
        Bytes that a Jacobian may take.

    Attributes
    ----------
    names, sizes : list
        Of the parameters, in the order of the vector.
    start : Tensor (p,)
        The weights as the module has them.
    targets : Tensor (N,)
        N = n k numbers to be fitted.

    Raises
    ------
    InputError
        If outputs are not finite or of another shape than the targets, a sample's output depends
        on the other samples, or torch.func cannot differentiate the module.
    """

    def __init__(
        self,
        module: nn.Module,
        inputs: Tensor,
        targets: Tensor,
        called: str = "the model",
        memory: int = MEMORY,
    ) -> None:
        self.module, self.inputs = module, inputs
        self.targets = targets.reshape(-1)
        parameters = trainable(module)
        self.names = list(parameters)
        self.sizes = [value.numel() for value in parameters.values()]
        self._shapes = [value.shape for value in parameters.values()]
        self.start = torch.cat([value.reshape(-1) for value in parameters.values()]).clone()
        per_sample = 8 * len(self.start) * (len(self.targets) // len(inputs))
        self.block = max(1, min(len(inputs), memory // per_sample))
        self._check(called, targets)

    def split(self, vector: Tensor) -> dict[str, Tensor]:
        """The parts of a vector (p,) that belong to each parameter, in its shape."""
        parts = vector.split(self.sizes)
        shaped = (part.view(shape) for part, shape in zip(parts, self._shapes, strict=True))
        return dict(zip(self.names, shaped, strict=True))

    def outputs(self, weights: Tensor) -> Tensor:
        """Outputs of all samples at weights (p,): (N,)."""
        with torch.no_grad():
            return self._forward(weights, self.inputs)

    def jacobian(self, weights: Tensor, samples: slice) -> Tensor:
        """Derivatives of the outputs of some samples by the weights: (outputs, p)."""

        def of_one(weights: Tensor, sample: Tensor) -> Tensor:
            return self._forward(weights, sample[None])

        rows = vmap(jacrev(of_one), in_dims=(None, 0))(weights, self.inputs[samples])
        return rows.detach().reshape(-1, len(weights))

    def pull(self, weights: Tensor, residual: Tensor) -> Tensor:
        """J^T e at weights (p,) for a residual e (N,): (p,)."""
        backward: Any = vjp(lambda values: self._forward(values, self.inputs), weights)[1]
        pulled: Tensor = backward(residual)[0].detach()
        return pulled

    def _forward(self, weights: Tensor, inputs: Tensor) -> Tensor:
        return functional_call(self.module, self.split(weights), (inputs,)).reshape(-1)

    def _check(self, called: str, targets: Tensor) -> None:
        with telling(called):
            with torch.no_grad():
                outputs = self.module(self.inputs)
            if not isinstance(outputs, Tensor):
                type_name = type(outputs).__name__
                raise InputError(f"{called}: outputs are {type_name}; expected a tensor")
            expected = [tuple(targets.shape)]
            expected += [(len(targets), 1)] if targets.dim() == 1 else []
            if tuple(outputs.shape) not in expected:
                shapes = " or ".join(map(str, expected))
                raise InputError(
                    f"{called}: outputs of shape {tuple(outputs.shape)}; expected {shapes}"
                )
            if not bool(torch.isfinite(outputs).all()):
                raise InputError(f"{called}: outputs are not finite before training")
            alone = vmap(lambda sample: self._forward(self.start, sample[None]))(self.inputs)
            if not torch.allclose(alone.reshape(-1), outputs.reshape(-1), rtol=1e-8, atol=1e-12):
                raise InputError(
                    f"{called}: a sample's output depends on the others of its batch, or on "
                    "chance; expected a module that treats each sample by itself"
                )
            self.jacobian(self.start, slice(0, 1))


class Linearisation:
    """A model linearised at given weights: its tangent kernel, and the velocity of its weights.

    Under the loss R = (1/2N) sum_i e_i^2 weights move by -J^T e / N, residuals by -K e.
    """

    def __init__(self, model: Model, weights: Tensor) -> None:
        self.model, self.weights = model, weights

    @cached_property
    def kernel(self) -> Tensor:
        """K = J J^T / N: (N, N)."""
        if self._jacobian is not None:
            product = self._jacobian @ self._jacobian.T
            return product / len(product)
        model, n = self.model, len(self.model.inputs)
        k = len(model.targets) // n
        kernel = self.weights.new_empty(n * k, n * k)
        blocks = [slice(first, first + model.block) for first in range(0, n, model.block)]
        for place, rows in enumerate(blocks):
            upper = model.jacobian(self.weights, rows)
            for columns in blocks[: place + 1]:
                lower = upper if columns == rows else model.jacobian(self.weights, columns)
                across = slice(columns.start * k, columns.stop * k)
                down = slice(rows.start * k, rows.stop * k)
                kernel[down, across] = upper @ lower.T
                kernel[across, down] = kernel[down, across].T
        return kernel / len(kernel)

    def velocity(self, residual: Tensor) -> Tensor:
        """-J^T e / N under a residual e (N,): (p,)."""
        if self._jacobian is not None:
            pulled = self._jacobian.T @ residual
        else:
            pulled = self.model.pull(self.weights, residual)
        return -pulled / len(residual)

    @cached_property
    def _jacobian(self) -> Tensor | None:
        n = len(self.model.inputs)
        in_one_block = self.model.block >= n
        return self.model.jacobian(self.weights, slice(0, n)) if in_one_block else None

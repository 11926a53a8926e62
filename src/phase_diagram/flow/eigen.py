"""Eigenproblems of many symmetric matrices of a GPU: solved there, or on the host's processors.

Which is faster depends on the size and on torch: up to 2.11 it hands batches of matrices beyond
32 x 32 to the GPU one at a time (pytorch issue 175585), and each takes it longer than it takes a
processor. So for each size both are tried once, and the faster is kept.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import torch
from torch import Tensor

Solve = Callable[[Tensor], tuple[Tensor, Tensor]]

_chosen: dict[int, Solve] = {}


def eigen(matrices: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues (B, n), ascending, and eigenvectors (B, n, n) of symmetric matrices (B, n, n)."""
    if not matrices.is_cuda:
        return on_device(matrices)
    size = matrices.shape[-1]
    if size not in _chosen and len(matrices):
        # As many as the host solves at a time; more would only take longer.
        sample = matrices[: processors()]
        _chosen[size] = min((on_host, on_device), key=lambda solve: seconds(solve, sample))
    return _chosen.get(size, on_device)(matrices)


def on_device(matrices: Tensor) -> tuple[Tensor, Tensor]:
    """Solve the eigenproblems of matrices (B, n, n) where they are."""
    values, vectors = torch.linalg.eigh(matrices)
    return values, vectors


def on_host(matrices: Tensor) -> tuple[Tensor, Tensor]:
    """Solve those of matrices (B, n, n) on the processors of the host; results are brought back."""
    some = matrices.cpu().tensor_split(min(processors(), max(1, len(matrices))))
    solved = _pool().map(torch.linalg.eigh, some)  # torch lets go of Python meanwhile
    values, vectors = (torch.cat(parts).to(matrices.device) for parts in zip(*solved, strict=True))
    return values, vectors


def seconds(solve: Solve, matrices: Tensor) -> float:
    """Time the solution for matrices (B, n, n), after that for a single one."""
    solve(matrices[:1])
    torch.cuda.synchronize()
    began = time.perf_counter()
    solve(matrices)
    torch.cuda.synchronize()
    return time.perf_counter() - began


@cache
def processors() -> int:
    """How many matrices are solved at a time on the host; each takes the threads torch may have."""
    return max(1, len(os.sched_getaffinity(0)) // torch.get_num_threads())


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(processors())

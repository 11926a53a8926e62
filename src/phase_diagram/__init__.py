"""The phase diagram of two-layer ReLU networks at infinite width (Luo et al., JMLR 2021)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    probe: Callable[..., Any]


def __getattr__(name: str) -> Any:
    # Imported only when it is used: it imports torch, and what is imported here counts among
    # the sources of every result (fingerprint.py).
    if name == "probe":
        from importlib import import_module

        return import_module("phase_diagram.probing.measure").probe
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

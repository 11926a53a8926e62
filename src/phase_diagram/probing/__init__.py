"""Is a network lazy or rich? Any torch.nn.Module, measured against its width (docs/probe.md)."""

from phase_diagram.probing.flow import STEP_TOLERANCE
from phase_diagram.probing.measure import probe
from phase_diagram.probing.result import Probe

__all__ = ["STEP_TOLERANCE", "Probe", "probe"]

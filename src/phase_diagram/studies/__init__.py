"""Studies: measurements for all figures other than the phase diagrams, as tables."""

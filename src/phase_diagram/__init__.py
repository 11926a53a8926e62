"""The phase diagram of two-layer ReLU networks at infinite width (Luo et al., JMLR 2021)."""

"""Parts of every gradient-flow solver: `decay` of residuals, `step_size`, `stopping`, `outcome`."""

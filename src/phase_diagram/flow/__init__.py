"""What every solver of a flow shares: `decay` of residuals, `step_size`, `stopping`, `outcome`."""

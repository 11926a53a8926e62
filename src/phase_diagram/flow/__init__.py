"""What every solver of a flow shares: decay of residuals, size of steps, when and how it ends."""

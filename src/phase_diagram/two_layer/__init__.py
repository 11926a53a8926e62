"""Two-layer networks and their gradient flow."""

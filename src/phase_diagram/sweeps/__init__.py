"""Sweeps: networks at all grid points, trained in batches, stored, and collected into tables."""

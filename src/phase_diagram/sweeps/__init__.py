"""Sweeps: networks by grid point, trained in batches, stored, collected into tables."""

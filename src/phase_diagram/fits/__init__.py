"""Fits: slopes, their boundary and errors, from tables of trained networks."""

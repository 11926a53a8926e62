"""Computations used by several studies."""

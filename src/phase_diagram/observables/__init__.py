"""Quantities measured on a trained network."""

"""Figures: each module draws one from tables, without training or fitting."""

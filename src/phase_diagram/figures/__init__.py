"""Figures: each module draws one from tables, and none trains or fits."""

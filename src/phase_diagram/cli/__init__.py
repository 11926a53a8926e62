"""The command `phase-diagram`: thin, and quick to start.

To be read in this order: main, then a command (point, locate, plot, probe, check) and the module
that does its work (request and measurement, saved_point and drawing, probing).
"""

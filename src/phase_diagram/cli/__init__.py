"""The command-line program `phase-diagram`; it calls the other packages and starts quickly.

Read in this order: main, then a command (point, locate, plot, probe, check) and the module
that does its work (request and measurement, saved_point and drawing, probing).
"""

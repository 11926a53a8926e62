"""Captions: the findings of each figure and table in words, from tables and parameters.

No result is written into this package: the captions change with the results. Read in this order:
find, experiments with planes and movement, one of the studies, words, settings.
"""

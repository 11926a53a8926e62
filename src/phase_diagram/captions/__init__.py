"""Captions: what was found in a figure or table, in words, from tables and parameters.

No number stands in this package: change the results, and the captions change. To be read in this
order: find, experiments with planes and movement, one of the studies, words, settings.
"""

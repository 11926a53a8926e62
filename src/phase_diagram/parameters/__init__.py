"""Read params.yaml into frozen, typed parameters; faults are reported one per line before any work.

Read `params_yaml` (the sections of a file, and how it is read) first, then `experiment`, `studies`
and `figures` (their keys), `values` and `validation` (checks of values, and messages about refused
ones), `consistency` (whether studies match the experiments), `strict_yaml`.
"""

"""params.yaml -> frozen, typed parameters; every fault is told in one line before any work.

Read `params_yaml` (what a file is made of, and how it is read) first, then `experiment`, `studies`
and `figures` (what may be set), `values` and `validation` (how a value is checked, and what is said
of one that is refused), `consistency` (whether studies fit the experiments), `strict_yaml`.
"""

"""What a dataset is called: the names of the built-in ones, and how a user's own file ends.

A module of its own, for parameters are checked without NumPy, and data are loaded without pydantic.
"""

BUILT_IN = ("four_points", "three_points", "mnist")
SUFFIXES = (".csv", ".npz")

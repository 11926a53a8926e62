"""Names of the built-in datasets, and the accepted suffixes of a user's own file.

A separate module, because parameters are checked without NumPy and data loaded without pydantic.
"""

BUILT_IN = ("four_points", "three_points", "mnist")
SUFFIXES = (".csv", ".npz")

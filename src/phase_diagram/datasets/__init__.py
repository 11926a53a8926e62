"""Training data: three and four points on the line, MNIST, and a user's own CSV or NPZ file.

Read `problem` (what a network is trained on), then `load` (datasets by name), then the sources of
the data: `four_points`, `tabular`, `mnist` and its original files, `mnist_files`.
"""

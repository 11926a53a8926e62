"""Training data: three and four points on the line, MNIST, and a user's own CSV or NPZ file.

Read `problem` (what a network is trained on), then `load` (by which name), then where the data come
from: `four_points`, `tabular`, `mnist` and its original files, `mnist_files`.
"""

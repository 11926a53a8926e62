"""Write data/user/diabetes.csv: 40 patients of scikit-learn's diabetes data, standardised.

Run in the project's folder: .venv/bin/python params/examples/diabetes.py
"""

import csv
import sys
from pathlib import Path

from sklearn.datasets import load_diabetes

# The phase diagram is about networks wide enough to fit every sample. The first 40 of 442 patients
# are about as many samples as the paper takes of MNIST, and train in minutes.
PATIENTS = 40
OUTPUT = Path("data/user/diabetes.csv")


def main() -> None:
    """Write the table, in the form x1,...,x10,y."""
    raw = load_diabetes(scaled=False)
    inputs, targets = raw.data[:PATIENTS], raw.target[:PATIENTS]
    # Ages, blood values and the progression of the disease have different units. With mean 0 and
    # variance 1 all inputs count equally, and as much as the constant 1 that is appended to them.
    inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
    targets = (targets - targets.mean()) / targets.std()
    if not OUTPUT.parent.is_dir():
        sys.exit(f"error: {OUTPUT.parent}: no such folder; run this in the project's folder")
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*(f"x{column}" for column in range(1, inputs.shape[1] + 1)), "y"])
        # Ten decimals: the last bits of a sum differ between machines, and the file should not.
        for row, target in zip(inputs, targets, strict=True):
            table.writerow([f"{value:.10f}" for value in (*row, target)])
    print(f"{OUTPUT}: {len(targets)} patients, {inputs.shape[1]} inputs each")


if __name__ == "__main__":
    main()

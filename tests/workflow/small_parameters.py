"""Parameters of the small copies of the project: no network has more than 100 neurons."""

PARAMETERS = {
    "experiments": {
        "four_points": {
            "dataset": "four_points",
            "activation": "relu",  # as a study is of it, DVC looks for it here
            "gamma": [0.75, 1.0, 1.5],
            "gamma_prime": [-0.5, 0.0, 0.25],
            "widths": [50, 100],
            "seeds": 2,
            "tolerance": 1e-4,
            "points_per_job": 4,
        },
        "wave": {
            "dataset": "data/user/wave.csv",
            "gamma": [0.75, 1.5],
            "gamma_prime": [-0.5, 0.0],
            "widths": [50, 100],
            "seeds": 2,
            "tolerance": 1e-4,
            "points_per_job": 4,
        },
    },
    "datasets": {"mnist_images": 3},
    "figures": {"dpi": 60},
}
NETWORKS = {"four_points": 3 * 3 * 2 * 2, "wave": 2 * 2 * 2 * 2}
POINTS = [[0.75, 0.0], [1.5, 0.0]]
# One study of each kind, and the experiments that they need besides.
STUDIED = {
    "limit": {
        **PARAMETERS["experiments"]["four_points"],
        "quadrature": 64,
        "widths": [100, 1000, 1.0e18, 1.0e20],
        "points_per_job": 9,
    },
    "descent": {
        **PARAMETERS["experiments"]["four_points"],
        "method": "gradient_descent",
        "gamma": [0.75, 1.5],
        "gamma_prime": [0.0],
        "step_limit": 2000,
        "seeds": 1,
    },
}
STUDIES = {
    "initialisations": {"paper": {"width": 100, "dimension": 3}},
    "portraits": {"line": {"experiment": "four_points", "points": POINTS, "width": 50, "seed": 0}},
    "relative_distances": {"four_points": {"experiment": "four_points", "points": POINTS}},
    "scales": {
        "four_points": {
            "experiment": "four_points",
            "points": [[1.0, 0.0]],
            "beta2_exponents": [0.0, 0.5],
            "widths": [20, 40],
            "seeds": 2,
        }
    },
    "kernels": {
        "four_points": {
            "experiment": "four_points",
            "points": POINTS,
            "widths": [20, 40],
            "seeds": 2,
        }
    },
    "descents": {"four_points": {"flow": "four_points", "descent": "descent"}},
    "local_slopes": {
        "four_points": {"quadrature": "limit", "random": "four_points", "points": POINTS}
    },
}
# More inputs than samples, so that the reduction is part of the run.
WAVE = "x1,x2,x3,x4,y\n0.0,1.0,0.5,-1.0,0.2\n1.0,-0.5,0.0,0.5,-0.4\n-1.0,0.0,1.0,0.3,0.6\n"

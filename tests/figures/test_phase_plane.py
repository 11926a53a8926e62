import itertools

import matplotlib
import matplotlib.pyplot
import numpy as np
import pandas as pd
import pytest
from drawn import artist, artists, collide, compared, legend, within, words
from numpy.testing import assert_allclose, assert_array_equal

from phase_diagram.figures.drawing import cells
from phase_diagram.plane import theory

# ---- the whole picture ----------------------------------------------------------------------


def test_pictures_are_really_compared(request):
    # Without the option pytest-mpl draws the pictures and compares them with nothing.
    options = "--mpl", "--mpl-generate-path"
    assert any(map(request.config.getoption, options)), "run pytest with --mpl"


@compared
def test_complete_plane(slopes, plane):
    return plane(slopes, "Complete")


@compared
def test_plane_with_gaps(slopes_with_gaps, plane):
    return plane(slopes_with_gaps, "With gaps", colour_limit=1.0, width_inches=5.0)


# ---- what is plotted, as numbers ------------------------------------------------------------


@pytest.mark.parametrize("limit", [None, 0.7])
def test_cells_show_the_slopes_red_below_zero_and_blue_above(slopes, plane, limit):
    figure = plane(slopes.sample(frac=1, random_state=2), colour_limit=limit)
    mesh = artist(figure, "slopes")
    gammas, rows = np.unique(slopes["gamma"]), np.unique(slopes["gamma_prime"])
    expected = {(row.gamma, row.gamma_prime): row.slope for row in slopes.itertuples()}
    assert_array_equal(mesh.get_array(), [[expected[g, p] for g in gammas] for p in rows])

    corners = np.asarray(mesh.get_coordinates())
    assert_allclose((corners[0, 1:, 0] + corners[0, :-1, 0]) / 2, gammas, rtol=1e-14)
    assert_allclose((corners[1:, 0, 1] + corners[:-1, 0, 1]) / 2, rows, atol=1e-14)

    expected_limit = limit or slopes["slope"].abs().max()
    assert (mesh.norm.vmin, mesh.norm.vmax) == (-expected_limit, expected_limit)
    red, _, blue, _ = mesh.to_rgba(mesh.get_array()).reshape(-1, 4).T
    values = mesh.get_array().ravel()
    clear = np.abs(values) > 0.1
    assert (values[clear] < 0).any() and (values[clear] > 0).any()
    assert_array_equal((red > blue)[clear], (values < 0)[clear])
    assert min(mesh.to_rgba(0.0)) > 0.95


def test_colour_bar_says_what_is_drawn_and_where_colours_end(slopes, plane):
    for limit, extend in ((None, "neither"), (0.4, "both"), (0.9, "min"), (3.0, "neither")):
        figure = plane(slopes, colour_limit=limit)
        bar = next(axes for axes in figure.axes if axes is not figure.axes[0])._colorbar
        assert bar.extend == extend
        assert "$S_w$" in bar.ax.get_ylabel()
        assert bar.mappable.cmap.name == "RdBu"


def test_stars_and_their_errors_are_those_of_the_boundary(slopes, plane, measured):
    boundary = measured(slopes)
    boundary = boundary[boundary["gamma"].notna()]
    assert 3 < len(boundary) <= slopes["gamma_prime"].nunique()
    figure = plane(slopes)
    stars = artist(figure, "measured_boundary")
    assert stars.get_marker() == "*"
    assert_array_equal(stars.get_xydata(), boundary[["gamma", "gamma_prime"]])
    bars = np.array(artist(figure, "measured_boundary_errors").get_segments())
    error = boundary["gamma_standard_error"]
    assert_allclose(bars[:, 0, 0], boundary["gamma"] - error, rtol=1e-14)
    assert_allclose(bars[:, 1, 0], boundary["gamma"] + error, rtol=1e-14)
    assert_array_equal(bars[:, :, 1], boundary[["gamma_prime", "gamma_prime"]])


def test_rows_without_a_crossing_or_an_error_are_drawn_without(slopes, plane, measured):
    boundary = measured(slopes)
    slopes.loc[slopes["gamma_prime"] == boundary["gamma_prime"][0], "slope"] = 0.5
    boundary = measured(slopes)
    boundary.loc[1, "gamma_standard_error"] = np.nan
    stars = artist(plane(slopes, boundary=boundary), "measured_boundary").get_ydata()
    assert boundary["gamma_prime"][0] not in stars
    assert boundary["gamma_prime"][1] in stars


@pytest.mark.parametrize("rows", [slice(None), slice(0, 14), slice(35, None)])
def test_theoretical_boundary_runs_over_the_whole_plane(slopes, plane, rows):
    figure = plane(slopes[rows])
    gamma, gamma_prime = artist(figure, "theoretical_boundary").get_data()
    assert_allclose(gamma, [1 if p <= 0 else p + 1 for p in gamma_prime], rtol=1e-14)
    low, high = figure.axes[0].get_ylim()
    assert (gamma_prime[0], gamma_prime[-1]) == (low, high)
    assert (0 in gamma_prime) == (low < 0 < high)


def test_the_plane_ends_where_the_cells_end(slopes, plane, measured):
    # Neither a long error bar nor the theoretical line may stretch it.
    boundary = measured(slopes).assign(gamma_standard_error=50.0)
    axes = plane(slopes, boundary=boundary).axes[0]
    assert axes.get_xlim() == pytest.approx((0.375, 2.125))
    assert axes.get_ylim() == pytest.approx((-0.875, 0.875))
    assert axes.get_xlabel() == r"$\gamma$"
    assert axes.get_ylabel() == r"$\gamma'$"


def test_what_is_missing_is_hatched_and_in_the_legend(slopes_with_gaps, plane):
    figure = plane(slopes_with_gaps)
    axes = slopes_with_gaps["gamma"], slopes_with_gaps["gamma_prime"]
    grid = set(itertools.product(*map(set, axes)))
    rows = list(slopes_with_gaps.itertuples())
    with_slope = {(row.gamma, row.gamma_prime) for row in rows if not np.isnan(row.slope)}
    partly = {(row.gamma, row.gamma_prime) for row in rows if row.converged < row.networks}
    assert len(grid) > len(rows) > len(with_slope) > len(partly & with_slope) > 0
    for gid, expected in (("no_slope", grid - with_slope), ("not_converged", partly & with_slope)):
        hatching = artist(figure, gid)
        assert hatching.get_hatch()
        boxes = [path.get_extents() for path in hatching.get_paths()]
        assert len(boxes) == len(expected)
        assert all(sum(box.contains(*point) for box in boxes) == 1 for point in expected)
    assert legend(figure)[2:] == ["no slope", "not all converged"]
    missing = artist(figure, "slopes").get_array().mask
    assert missing.sum() == len(grid - with_slope)


def test_nothing_missing_nothing_hatched(slopes, plane):
    figure = plane(slopes)
    assert not artists(figure, "no_slope") and not artists(figure, "not_converged")
    assert len(legend(figure)) == 2


def test_named_initialisations_are_ringed_and_labelled(slopes, plane):
    figure = plane(slopes)
    rings = artist(figure, "initialisations")
    assert {tuple(point) for point in rings.get_xydata()} == {(0.5, 0.0), (0.5, 0.5), (1.0, 0.0)}
    labels = {word: tuple(text.xy) for word, text in words(figure).items() if hasattr(text, "xy")}
    assert labels == {
        "NTK": (0.5, 0.0),
        "LeCun, He": (0.5, 0.5),
        "Xavier, mean-field": (1.0, 0.0),
    }
    without = plane(slopes, initialisations=False)
    assert not artists(without, "initialisations")
    assert set(words(without)) == {"linear", "critical", "condensed"}


def test_initialisations_beyond_the_plane_are_left_out(slopes, plane):
    figure = plane(slopes[slopes["gamma"] >= 1.0])
    assert artist(figure, "initialisations").get_xydata().tolist() == [[1.0, 0.0]]
    assert "NTK" not in words(figure)


@pytest.mark.parametrize("width", [3.0, 6.0])
@pytest.mark.parametrize("table", ["slopes", "slopes_with_gaps"])
def test_words_collide_with_nothing(table, plane, request, width):
    figure = plane(request.getfixturevalue(table), "Title", width_inches=width, colour_limit=1.0)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    boxes = {word: text.get_window_extent() for word, text in words(figure).items()}
    assert len(boxes) == 6
    assert not collide(list(boxes.values()))
    for word, box in boxes.items():
        assert axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1, word
        assert axes.bbox.y0 <= box.y0 and box.y1 <= axes.bbox.y1, word
    # A regime's name lies in its regime as a whole.
    for regime in ("linear", "condensed"):
        corners = axes.transData.inverted().transform(boxes[regime].corners())
        assert set(theory.regime(*corners.T)) == {regime}
    # `critical` lies along the boundary: its anchor is on it but for a few points.
    anchor = np.array(words(figure)["critical"].get_position())
    assert anchor[0] == pytest.approx(float(theory.boundary(anchor[1])))
    # The legend is outside the axes and, as everything else, within the figure.
    assert figure.legends[0].get_window_extent().y1 < axes.bbox.y0
    assert within(figure)


# ---- odd grids ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gammas", "rows"),
    [
        ([0.5, 1.0, 1.5, 2.0], [0.0]),
        ([1.25], [-1.0, 0.0, 1.0]),
        ([1.25], [0.0]),
        ([1.2, 1.6], [-1.0, -0.5]),  # all condensed
        ([0.5, 0.8], [0.5, 1.0]),  # all linear
        ([0.5, 0.8], [-1.0, -0.5]),  # all linear, under the end of the boundary
        ([1.5, 1.75, 2.0], [-0.5, 0.0, 1.0]),  # the boundary enters from the left
    ],
)
def test_small_and_single_row_grids_are_drawn(plane, gammas, rows):
    points = pd.DataFrame(itertools.product(gammas, rows), columns=["gamma", "gamma_prime"])
    slopes = points.assign(
        slope=theory.exponent(points["gamma"], points["gamma_prime"]) - 1e-3,
        slope_standard_error=0.01,
        networks=3,
        converged=3,
    )
    figure = plane(slopes)
    assert artist(figure, "slopes").get_array().shape == (len(rows), len(gammas))
    shown = set(words(figure))
    axes = figure.axes[0]
    mesh = np.meshgrid(np.linspace(*axes.get_xlim(), 20), np.linspace(*axes.get_ylim(), 20))
    present = set(theory.regime(*mesh).ravel())
    assert {"linear", "condensed"} & shown == {"linear", "condensed"} & present
    assert ("critical" in shown) == ({"linear", "condensed"} <= present)
    for word, text in words(figure).items():
        assert axes.bbox.contains(*text.get_window_extent().min), word
        assert axes.bbox.contains(*text.get_window_extent().max), word


def test_plane_without_any_slope_is_drawn(slopes, plane):
    slopes["slope"] = np.nan
    figure = plane(slopes)
    assert len(artist(figure, "no_slope").get_paths()) == len(slopes)
    assert len(artist(figure, "measured_boundary").get_xdata()) == 0
    assert artist(figure, "slopes").norm.vmax == 1.0


# ---- looks ----------------------------------------------------------------------------------


def test_settings_are_followed(slopes, plane):
    figure = plane(slopes, "A title", dpi=137, width_inches=4.5, colour_map="PuOr")
    assert figure.dpi == 137 and figure.get_figwidth() == 4.5
    assert figure.axes[0].get_title() == "A title"
    mesh = artist(figure, "slopes")
    assert_allclose(mesh.to_rgba(-99.0)[:3], matplotlib.colormaps["PuOr"](0.0)[:3])


def test_global_state_is_not_changed(slopes, plane):
    before = dict(matplotlib.rcParams)
    plane(slopes)
    assert dict(matplotlib.rcParams) == before
    assert matplotlib.pyplot.get_fignums() == []


# ---- cells ----------------------------------------------------------------------------------


def test_edges_by_hand():
    assert_allclose(cells.edges(np.array([0.0, 1.0, 3.0])), [-0.5, 0.5, 2.0, 4.0])
    assert_allclose(cells.edges(np.array([2.0])), [1.95, 2.05])


def test_matrix_refuses_a_grid_point_given_twice(slopes):
    with pytest.raises(ValueError, match="duplicate"):
        cells.matrix(pd.concat([slopes, slopes.iloc[:1]]), "slope")

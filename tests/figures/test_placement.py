import numpy as np
import pytest
from matplotlib.transforms import Bbox

from phase_diagram.figures.drawing.placement import place

SQUARE = Bbox([[0, 0], [1, 1]])


def everywhere(x, y):
    return np.ones(x.shape, dtype=bool)


def box(centre, size):
    return Bbox.from_bounds(centre[0] - size[0] / 2, centre[1] - size[1] / 2, *size)


def test_free_plane_gets_its_word_in_the_middle():
    assert place(everywhere, SQUARE, (0.2, 0.1), []) == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize("size", [(0.4, 0.05), (0.05, 0.4), (0.2, 0.2)])
def test_word_keeps_clear_of_obstacles_and_edges(size):
    obstacles = [Bbox([[0.3, 0.3], [0.7, 0.7]]), Bbox([[0.0, 0.8], [1.0, 1.0]])]
    found = box(place(everywhere, SQUARE, size, obstacles), size)
    assert found.x0 >= 0 and found.y0 >= 0 and found.x1 <= 1 and found.y1 <= 1
    assert not any(found.overlaps(obstacle) for obstacle in obstacles)


def test_word_stays_inside_its_region():
    def triangle(x, y):
        return y < x

    size = (0.3, 0.1)
    corners = box(place(triangle, SQUARE, size, []), size).corners()
    assert triangle(*corners.T).all()


@pytest.mark.parametrize(
    ("inside", "size", "obstacles"),
    [
        (everywhere, (1.1, 0.1), []),
        (everywhere, (0.1, 0.1), [SQUARE]),
        (lambda x, y: x > 2, (0.1, 0.1), []),
        (lambda x, y: x > 0.9, (0.3, 0.1), []),
    ],
)
def test_word_without_room_has_no_place(inside, size, obstacles):
    assert place(inside, SQUARE, size, obstacles) is None

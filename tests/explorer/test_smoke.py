"""The page opens in a real Chromium and shows a point; all else that it does: test_browser.py."""

from browser import fragment, opened, place, shown, words
from small_experiments import GAMMA, GAMMA_PRIME


def test_without_a_link_a_point_is_shown(browser, file):
    with opened(browser, file) as page:
        assert fragment(page) == "#experiment=line&gamma=1.75&gamma_prime=0&layer=slope"
        assert place(page) == words(1.75, 0)
        assert page.locator("#regime").inner_text() == "condensed regime"
        assert len(shown(page, "plane", "cells")["left"]) == len(GAMMA) * len(GAMMA_PRIME)
        assert "in theory 0.375" in page.locator("#summary").inner_text()
        for plot, renderer in (
            ("distances", "rd"),
            ("distances", "fit"),
            ("learned", "f_after"),
            ("learned", "data"),
            ("neurons", "neurons_before"),
            ("neurons", "neurons_after"),
            ("losses", "loss"),
        ):
            assert shown(page, plot, renderer)["x"], renderer

"""The page in a real Chromium: a click, keys, links, themes, widths; see browser.py."""

import re

import pytest
from browser import GREEK, fragment, keep, opened, place, shown, words

pytestmark = pytest.mark.slow
HERE = "#experiment=line&gamma=1.5&gamma_prime=0&layer=slope"


def click_cell(page, gamma: float, gamma_prime: float) -> None:
    """Click the diagram where Bokeh has drawn a point of the plane."""
    at = page.evaluate(
        """([x, y]) => {
          const view = Object.values(Bokeh.index).find((one) => one.model.name === "plane");
          const frame = view.frame.bbox;
          const box = view.canvas.el.getBoundingClientRect();
          const share = (value, { start, end }) => (value - start) / (end - start);
          return [box.left + frame.left + frame.width * share(x, view.model.x_range),
                  box.top + frame.bottom - frame.height * share(y, view.model.y_range)];
        }""",
        [gamma, gamma_prime],
    )
    page.mouse.click(*at)


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_a_click_shows_its_point(browser, file):
    gamma = 1.25
    with opened(browser, file, HERE) as page:
        before = shown(page, "losses", "loss")
        click_cell(page, gamma + 0.05, 0.6)
        page.wait_for_function("hash => location.hash.includes(hash)", arg=f"gamma={gamma:g}&")
        assert place(page) == words(gamma, 0.5)
        assert shown(page, "losses", "loss") != before
        (left,), (right,) = (shown(page, "plane", "chosen")[side] for side in ("left", "right"))
        assert left < gamma < right


def test_keys_move_over_the_grid_and_no_further(browser, file):
    with opened(browser, file, HERE) as page:
        page.locator("#plane-area").focus()
        scrolled = page.evaluate("window.scrollY")
        for key, expected in (
            ("ArrowRight", words(1.75, 0)),
            ("ArrowRight", words(1.75, 0)),  # the edge
            ("ArrowUp", words(1.75, 0.5)),
            ("ArrowUp", words(1.75, 0.5)),
            ("Shift+ArrowLeft", words(0.5, 0.5)),
            ("ArrowDown", words(0.5, 0)),
            ("End", words(1.75, 0)),
            ("PageDown", words(1.75, -0.5)),
            ("Home", words(0.5, -0.5)),
            ("PageUp", words(0.5, 0.5)),
        ):
            page.keyboard.press(key)
            page.wait_for_function(
                "text => document.getElementById('place').textContent === text", arg=expected
            )
        # What a screen reader says.
        live = page.locator("#live").inner_text()
        said = rf"{GREEK} = 0\.5, {GREEK} prime = 0\.5: slope = .\d\.\d+, linear regime"
        assert re.match(said, live)
        assert page.locator("#live").get_attribute("aria-live") == "polite"
        # The page has not scrolled away under the keys.
        assert page.evaluate("window.scrollY") == scrolled


def test_all_is_reached_by_tab_in_the_order_of_the_page(browser, file):
    with opened(browser, file, HERE) as page:
        reached = []
        for _ in range(20):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    "(() => { const at = document.activeElement;"
                    " return at.id || at.className || at.value || at.textContent; })()"
                )
            )
            # Where the keys go can be seen.
            style = page.evaluate(
                "(() => { const at = document.activeElement;"
                " const of = at.matches('fieldset input') ? at.nextElementSibling : at;"
                " return getComputedStyle(of).outlineStyle; })()"
            )
            assert style != "none", reached
            if reached[-1] == "plane-area":
                break
        wanted = ["skip", "theme", "experiment", "slope", "boundary", "theory", "initialisations"]
        assert [one for one in reached if one in wanted] == wanted
        assert reached[-1] == "plane-area"
        page.keyboard.press("ArrowLeft")
        page.wait_for_function("location.hash.includes('gamma=1.25&')")


def test_a_link_shows_what_it_was_copied_from(browser, file):
    link = "#experiment=space&gamma=0.75&gamma_prime=-0.5&layer=order&show=theory"
    with opened(browser, file, link) as page:
        assert fragment(page) == link
        assert place(page) == words(0.75, -0.5)
        assert page.locator("#experiment").input_value() == "space"
        assert page.locator("input[name=layer]:checked").input_value() == "order"
        assert page.locator("#overlays input:checked").count() == 1
        assert shown(page, "plane", "crossings")["x"] == []
        assert shown(page, "plane", "theory")["x"] != []
        # Inputs in space: predictions against targets.
        assert len(shown(page, "learned", "predicted_after")["x"]) == 6
        assert shown(page, "learned", "f_after")["x"] == []


@pytest.mark.parametrize(
    "link",
    [
        "#experiment=gone&gamma=x&gamma_prime=&layer=nothing&show=none",
        "#gamma=1e999&gamma_prime=NaN",
        "#<script>alert(1)</script>",
        "#%E0%A4%A",
    ],
)
def test_a_link_of_nonsense_shows_the_default(browser, file, link):
    with opened(browser, file, link) as page:
        assert place(page) == words(1.75, 0)
        assert page.locator("#experiment").input_value() == "line"


def test_a_link_between_grid_points_shows_the_nearest(browser, file):
    with opened(browser, file, "#gamma=1.2&gamma_prime=0.3") as page:
        assert place(page) == words(1.25, 0.5)
        assert "gamma=1.25&gamma_prime=0.5&" in fragment(page)


def test_back_forward_and_a_changed_address_are_followed(browser, file):
    with opened(browser, file, HERE) as page:
        click_cell(page, 0.5, 0.5)
        page.wait_for_function("location.hash.includes('gamma=0.5&')")
        page.locator("#experiment").select_option("space")
        page.wait_for_function("location.hash.includes('experiment=space')")
        page.go_back()
        page.wait_for_function("document.getElementById('experiment').value === 'line'")
        assert place(page) == words(0.5, 0.5)
        page.go_back()
        page.wait_for_function("document.getElementById('place').textContent.includes('1.5')")
        assert fragment(page) == HERE
        page.go_forward()
        page.wait_for_function("document.getElementById('place').textContent.includes('0.5,')")
        page.evaluate("location.hash = '#experiment=quadrature&gamma=1&gamma_prime=0&layer=theory'")
        page.wait_for_function("document.getElementById('experiment').value === 'quadrature'")
        assert place(page) == words(1, 0)
        assert page.locator("#regime").inner_text() == "critical: on the boundary"


def test_layers_colour_the_cells_each_in_its_way(browser, file):
    with opened(browser, file, HERE) as page:
        seen = {}
        for layer in ("slope", "theory", "difference", "order"):
            page.locator(f"input[value={layer}][name=layer]").check(force=True)
            page.wait_for_function("layer => location.hash.includes('layer=' + layer)", arg=layer)
            seen[layer] = (
                tuple(shown(page, "plane", "cells")["colour"]),
                page.locator("#bar-title").inner_text(),
            )
            keep(page, layer)
        assert len(set(seen.values())) == 4
        page.locator("#overlays input[value=theory]").uncheck(force=True)
        page.wait_for_function("location.hash.includes('show=boundary,initialisations')")
        assert shown(page, "plane", "theory")["x"] == []


def test_a_button_takes_to_a_point_to_begin_with(browser, file):
    with opened(browser, file, HERE) as page:
        page.get_by_role("button", name="a critical one").click()
        page.wait_for_function("location.hash.includes('gamma=1&')")
        assert page.locator("#regime").inner_text() == "critical: on the boundary"


def test_networks_that_did_not_converge_are_hatched_and_told(browser, file):
    with opened(browser, file, "#experiment=descent&gamma=1.75&gamma_prime=0.5") as page:
        hatched = [shown(page, "plane", name)["left"] for name in ("no_slope", "not_converged")]
        assert any(hatched) and page.locator("#gaps").is_visible()
        warning = page.locator("#warning").inner_text()
        assert "did not converge" in warning and "used up its steps" in warning


def test_one_width_has_no_slope_and_says_why(browser, file):
    with opened(browser, file, "#experiment=one_width&gamma=1.5&gamma_prime=0") as page:
        assert "a slope needs two" in page.locator("#summary").inner_text()
        assert shown(page, "distances", "fit")["x"] == []
        assert len(shown(page, "distances", "rd")["x"]) == 1


def test_without_theory_its_layers_are_off_and_the_page_says_why(browser, file):
    link = "#experiment=no_theory&gamma=1.5&gamma_prime=0&layer=difference"
    with opened(browser, file, link) as page:
        assert "layer=slope" in fragment(page)
        for layer in ("theory", "difference"):
            assert page.locator(f"input[name=layer][value={layer}]").is_disabled()
        for overlay in ("theory", "initialisations"):
            assert page.locator(f"#overlays input[value={overlay}]").is_disabled()
        assert shown(page, "plane", "theory")["x"] == []
        assert shown(page, "plane", "named")["x"] == []
        assert "activation softplus" in page.locator("#about").inner_text()
        assert "homogeneous" in page.locator("#no-theory").inner_text()
        # By the sign of the slope.
        assert page.locator("#regime").inner_text() == "condensed regime"


def ground(page) -> str:
    return page.evaluate("getComputedStyle(document.querySelector('#point')).backgroundColor")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_and_the_button(browser, file, scheme):
    grounds = {"light": "rgb(255, 255, 255)", "dark": "rgb(27, 30, 36)"}
    other = {"light": "dark", "dark": "light"}[scheme]
    with opened(browser, file, HERE, scheme=scheme) as page:
        assert ground(page) == grounds[scheme]
        cells = shown(page, "plane", "cells")["colour"]
        page.locator("#theme").click()
        page.wait_for_function(f"document.documentElement.dataset.theme === '{other}'")
        assert ground(page) == grounds[other]
        assert shown(page, "plane", "cells")["colour"] != cells
        axis = page.evaluate(
            "Bokeh.documents[0].get_model_by_name('losses').below[0].axis_label_text_color"
        )
        assert axis == {"light": "#e9eaec", "dark": "#1a1a1a"}[scheme]
        # Kept when the page is opened again.
        page.reload()
        page.wait_for_selector("body[data-ready=true]")
        assert ground(page) == grounds[other]


@pytest.mark.parametrize(
    ("experiment", "width"), [("line", 360), ("space", 360), ("descent", 800), ("line", 1600)]
)
def test_nothing_is_wider_than_the_window(browser, file, experiment, width):
    link = f"#experiment={experiment}&gamma=1.5&gamma_prime=0"
    with opened(browser, file, link, width=width) as page:
        assert overflow(page) <= 0
        boxes = {name: page.locator(f"#{name}").bounding_box() for name in ("diagram", "point")}
        if width >= 1150:  # side by side
            assert boxes["point"]["x"] > boxes["diagram"]["x"] + boxes["diagram"]["width"]
        else:
            assert boxes["point"]["y"] > boxes["diagram"]["y"] + boxes["diagram"]["height"]
        for plot in ("plane", "distances", "learned", "neurons", "losses"):
            box = page.locator(f"#plot-{plot}").bounding_box()
            assert box["width"] > 0.75 * min(width, 360) and box["height"] > 180


def test_a_tap_on_a_small_screen_shows_its_point(browser, file):
    with opened(browser, file, HERE, width=360) as page:
        click_cell(page, 0.75, 0.0)
        page.wait_for_function("location.hash.includes('gamma=0.75&')")

"""Without a mouse: each control is reached, the focus is seen and is where it makes sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.browser.every_page import DESKTOP, NAMES, PAGES, THEMES, PageVisit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

    from tests.browser.served_pages import ServedPages

# Numbers what can be operated; a group of radio buttons is one stop.
NUMBER: Final = """
() => {
  const groups = new Set();
  const all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((one) => !one.disabled && one.checkVisibility())
    .filter((one) => one.type !== "radio" || !groups.has(one.name) && groups.add(one.name));
  all.forEach((one, at) => { one.dataset.stop = at; });
  return all.length;
}
"""
# Where the focus is: its number, whether it is marked, and whether it is on the screen.
FOCUSED: Final = """
() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    stop: one.dataset.stop === undefined ? -1 : Number(one.dataset.stop),
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isSeen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    html: one.outerHTML.slice(0, 100),
  };
}
"""


@pytest.mark.parametrize("visit", PAGES, ids=NAMES)
def test_tab_reaches_everything(
    opened: Callable[..., BrowserContext], looked_at: ServedPages, visit: PageVisit
) -> None:
    tab = opened(viewport=DESKTOP).new_page()
    if visit.is_signed_in:
        tab.goto(looked_at.link())
    visit.go(tab, looked_at.address)
    if visit.typed:
        # The focus is where the answer is; from the start of the page on, it is a whole round.
        tab.evaluate("document.activeElement.blur(), getSelection().removeAllRanges()")
    n_stops = tab.evaluate(NUMBER)
    assert n_stops > 0
    reached = set()
    for _ in range(n_stops + 1):
        tab.keyboard.press("Tab")
        focused = tab.evaluate(FOCUSED)
        if focused["stop"] >= 0:
            reached.add(focused["stop"])
            assert focused["isMarked"], focused["html"]
            assert focused["isSeen"], focused["html"]
    assert reached == set(range(n_stops))


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_stands_out(
    opened: Callable[..., BrowserContext], looked_at: ServedPages, theme: str
) -> None:
    """The ring has three times the contrast of what is around it (WCAG 2.2, 1.4.11)."""
    tab = opened(color_scheme=theme).new_page()
    tab.goto(looked_at.link())
    tab.keyboard.press("Tab")
    colours = tab.evaluate(
        "[getComputedStyle(document.activeElement).outlineColor,"
        " getComputedStyle(document.body).backgroundColor]"
    )
    lighter, darker = sorted((_luminance(one) for one in colours), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def _luminance(colour: str) -> float:
    """Return the relative luminance of `rgb(1, 2, 3)`, as WCAG has it."""
    parts = [int(one) / 255 for one in colour.strip("rgb()").split(", ")]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_first_stop_skips_the_head(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="To the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_decision_is_announced_and_the_focus_is_there(page: Page) -> None:
    page.keyboard.press("g")
    page.get_by_role("button", name="Same s").focus()
    page.wait_for_load_state()
    page.keyboard.press("Enter")
    told = page.get_by_role("status")
    expect(told).to_have_text("Decided: same. It holds from the next run on.")
    expect(told).to_be_focused()
    page.keyboard.press("d")
    expect(told).to_contain_text("Decided: different")
    expect(told).to_be_focused()
    page.get_by_role("link", name="Runs").press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    expect(page.get_by_role("status")).to_have_count(0)


def test_keys_lead_to_the_search_and_the_review(page: Page, pages: ServedPages) -> None:
    page.goto(f"{pages.address}/runs")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.get_by_role("button", name="Same s")).to_be_visible()

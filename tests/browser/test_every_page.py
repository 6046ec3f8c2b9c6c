"""What holds of each page: it can be read by all, fits, and its console is silent."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Final

import axe_playwright_python
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from orchestrator.api import web
from tests.browser.every_page import DESKTOP, NAMES, ON_THE_WAY, PAGES, THEMES, WIDTHS, PageVisit
from tests.browser.told_problems import ToldProblems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, Page

    from tests.browser.served_pages import ServedPages

TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Text that is twice as large, by the reader's own setting.
ZOOMED: Final = "document.documentElement.style.fontSize = '200%'"
TOO_WIDE: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Smaller than WCAG 2.2 wants targets to be; links in a text are excepted there.
SMALL_TARGETS: Final = """
() => [...document.querySelectorAll("button, .button, input:not([type=hidden]), select, nav a")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width < 24 || box.height < 24)
  .map(([box, one]) => `${one.outerHTML.slice(0, 80)}: ${box.width} x ${box.height}`)
"""
MOVING: Final = "document.getAnimations({subtree: true}).length"

AXE: Final = Path(axe_playwright_python.__path__[0], "axe.min.js").read_text(encoding="utf-8")
VIOLATIONS: Final = """
async (tags) => (await axe.run(document, {runOnly: tags, resultTypes: ["violations"]})).violations
"""

every_page = pytest.mark.parametrize("visit", PAGES, ids=NAMES)


def visited(opened: Callable[..., BrowserContext], pages: ServedPages, visit: PageVisit) -> Page:
    """Return a tab with a page, which a problem on the way would have failed."""
    tab = opened(viewport=DESKTOP).new_page()
    if visit.is_signed_in:
        tab.goto(pages.link())
    visit.go(tab, pages.address)
    return tab


def in_each_shape(tab: Page) -> Iterator[str]:
    """Show a page in both widths and themes, one after the other; return the name of each."""
    for theme in THEMES:
        for width, size in WIDTHS.items():
            tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
            tab.set_viewport_size(size)
            yield f"{theme} {width}"


@every_page
def test_a_page_is_accessible(
    opened: Callable[..., BrowserContext], looked_at: ServedPages, visit: PageVisit
) -> None:
    tab = visited(opened, looked_at, visit)
    tab.evaluate(AXE)
    found = {}
    for shape in in_each_shape(tab):
        violations = tab.evaluate(VIOLATIONS, TAGS)
        if violations:
            found[shape] = [_in_words(one) for one in violations]
    assert found == {}


def _in_words(violation: dict[str, Any]) -> str:
    places = [node["html"][:120] for node in violation["nodes"][:3]]
    summary = violation["nodes"][0]["failureSummary"]
    return f"{violation['id']}: {violation['help']} {places} {summary}"


@every_page
def test_a_page_fits(
    opened: Callable[..., BrowserContext], looked_at: ServedPages, visit: PageVisit
) -> None:
    tab = visited(opened, looked_at, visit)
    found = {}
    for shape in in_each_shape(tab):
        found[shape] = (tab.evaluate(TOO_WIDE), tab.evaluate(SMALL_TARGETS), tab.evaluate(MOVING))
    tab.set_viewport_size({"width": 320, "height": 640})
    found["narrow"] = (tab.evaluate(TOO_WIDE), [], 0)
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.evaluate(ZOOMED)
    found["zoomed"] = (tab.evaluate(TOO_WIDE), tab.evaluate(SMALL_TARGETS), 0)
    assert {name: one for name, one in found.items() if one != (0, [], 0)} == {}


@every_page
def test_the_console_is_silent(
    opened: Callable[..., BrowserContext], looked_at: ServedPages, visit: PageVisit
) -> None:
    tab = opened().new_page()
    problems = ToldProblems(looked_at.address, expected_status=401 if visit.typed else visit.status)
    problems.watch(tab)
    if visit.is_signed_in:
        tab.goto(looked_at.link())
    visit.go(tab, looked_at.address)
    assert tab.title().endswith("Concord")
    assert tab.locator("html").get_attribute("lang") == "en"
    assert tab.get_by_role("heading", level=1).count() == 1
    assert problems.told == []


def test_text_grows_with_the_readers_setting(
    opened: Callable[..., BrowserContext], looked_at: ServedPages
) -> None:
    tab = visited(opened, looked_at, PAGES[0])
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = tab.evaluate(size)
    tab.evaluate(ZOOMED)
    assert tab.evaluate(size) == 2 * before


def test_no_page_is_forgotten() -> None:
    """Each route that shows a page is in the list of all pages."""
    routes = set()
    for module in iter_modules(web.__path__, f"{web.__name__}."):
        router = getattr(import_module(module.name), "router", APIRouter())
        routes |= {
            route.path
            for route in router.routes
            if isinstance(route, APIRoute) and "GET" in (route.methods or ())
        }
    assert len(routes) > 5
    assert {visit.route for visit in PAGES} == routes - ON_THE_WAY

"""Pictures of all pages for people to look at, in build/browser/pages; three are documentation."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from playwright.sync_api import sync_playwright

from tests.browser.every_page import PAGES, THEMES, WIDTHS
from tests.browser.installed_browser import FILE, FOLDER, ROOT, start_browser
from tests.browser.served_pages import publish, served, service_over
from tests.browser.steward_rows import STEWARD_ROWS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

    from tests.browser.served_pages import ServedPages

PICTURES: Final = FOLDER / "pages"
# Name of a picture -> the page that is on it.
DOCUMENTED: Final = {"review": "review", "search": "found", "entity": "person"}
SIZE: Final[ViewportSize] = {"width": 1100, "height": 700}


def take_pictures(browser: Browser, pages: ServedPages) -> None:
    """Show each page in each theme and width; and those of the documentation."""
    for theme in THEMES:
        for width, size in WIDTHS.items():
            for visit in PAGES:
                name = f"{visit.name.replace(' ', '-')}-{theme}-{width}"
                _take(browser, pages, visit.name, name, theme, size)
    for picture, name in DOCUMENTED.items():
        _take(browser, pages, name, picture, "light", SIZE)


def _take(
    browser: Browser,
    pages: ServedPages,
    name: str,
    picture: str,
    theme: Literal["light", "dark"],
    size: ViewportSize,
) -> None:
    (visit,) = (one for one in PAGES if one.name == name)
    with browser.new_context(viewport=size, color_scheme=theme) as context:
        tab = context.new_page()
        if visit.is_signed_in:
            tab.goto(pages.link())
        visit.go(tab, pages.address)
        # Nothing blinks on a picture, and no ring is on what only a script has focused.
        tab.evaluate("document.activeElement.blur()")
        tab.screenshot(path=PICTURES / f"{picture}.png", full_page=True, animations="disabled")


def main() -> int:
    """Take all of them."""
    if not FILE.is_file():
        sys.stderr.write("no browser was set up: .ci/setup_browser\n")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        start_browser(playwright) as browser,
    ):
        publish(Path(folder), STEWARD_ROWS)
        with served(service_over(Path(folder))) as pages:
            take_pictures(browser, pages)
    sys.stdout.write(f"pictures of {len(PAGES)} pages are in {PICTURES.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

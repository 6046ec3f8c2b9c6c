"""A browser, the pages behind it, and a loud word when there is none."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.installed_browser import HOW_TO, NOT_RUN, is_installed, start_browser
from tests.browser.served_pages import publish, served, service_over
from tests.browser.steward_rows import STEWARD_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.served_pages import ServedPages

# For what a page does at once; no test waits as long, one that fails does.
PATIENCE_MS: Final = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say last of all that nothing was tried in a browser, also where little is said."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    n_skipped = sum(NOT_RUN in str(one.longrepr) for one in skipped)
    if n_skipped:
        line = f"{HOW_TO} ({n_skipped} skipped)"
        terminalreporter.write_sep("!", line, yellow=True, bold=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return a browser for the tests of a file."""
    if not is_installed():
        pytest.skip(HOW_TO)
    with sync_playwright() as playwright, start_browser(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a snapshot, to be copied."""
    folder = tmp_path_factory.mktemp("published")
    publish(folder, STEWARD_ROWS)
    return folder


@pytest.fixture(scope="module")
def looked_at(
    chromium: Browser, published: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedPages]:
    """Return pages that tests only look at."""
    folder = shutil.copytree(published, tmp_path_factory.mktemp("looked-at") / "state")
    with served(service_over(folder)) as pages:
        yield pages


@pytest.fixture
def pages(chromium: Browser, published: Path, tmp_path: Path) -> Iterator[ServedPages]:
    """Return pages of one test's own, which may decide something."""
    with served(service_over(shutil.copytree(published, tmp_path / "state"))) as own:
        yield own


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return what makes fresh contexts: cookies, storage and settings of one visitor."""
    made: list[BrowserContext] = []

    def open_one(**settings: Any) -> BrowserContext:  # noqa: ANN401 - of new_context
        context = chromium.new_context(**settings)
        context.set_default_timeout(PATIENCE_MS)
        made.append(context)
        return context

    yield open_one
    for context in made:
        context.close()


@pytest.fixture
def page(opened: Callable[..., BrowserContext], pages: ServedPages) -> Page:
    """Return a tab in which somebody is signed in, on pages of the test's own."""
    tab = opened().new_page()
    tab.goto(pages.link())
    return tab

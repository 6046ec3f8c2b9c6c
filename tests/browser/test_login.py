"""Who comes in: a link that works once, a cookie that scripts do not see, a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from playwright.sync_api import expect

from tests.browser.every_page import PAGES, PageVisit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

    from orchestrator.api.callers import LocalKey
    from tests.browser.served_pages import ServedPages

GUARDED = [visit for visit in PAGES if visit.is_signed_in]


def test_a_link_lets_in_once(opened: Callable[..., BrowserContext], looked_at: ServedPages) -> None:
    link = looked_at.link()
    context = opened()
    tab = context.new_page()
    tab.goto(link)
    # The secret of the link is in no address that is kept.
    assert tab.url == f"{looked_at.address}/"
    (cookie,) = context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert tab.evaluate("document.cookie") == ""
    other = opened().new_page()
    other.goto(link)
    expect(other.get_by_role("alert")).to_contain_text("this link was used")
    other.goto(looked_at.address)
    assert other.url == f"{looked_at.address}/login"


@pytest.mark.parametrize("visit", GUARDED, ids=[visit.name for visit in GUARDED])
def test_without_a_login_there_is_no_page(
    opened: Callable[..., BrowserContext], looked_at: ServedPages, visit: PageVisit
) -> None:
    tab = opened().new_page()
    tab.goto(looked_at.address + visit.path)
    assert tab.url == f"{looked_at.address}/login"
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_key_lets_in_and_the_button_out(
    opened: Callable[..., BrowserContext], looked_at: ServedPages
) -> None:
    context = opened()
    tab = context.new_page()
    tab.goto(f"{looked_at.address}/review")
    tab.get_by_label("Key").fill("guess")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("alert")).to_have_text("This is not the key.")
    tab.get_by_label("Key").fill(cast("LocalKey", looked_at.service.tokens).key)
    tab.get_by_label("Key").press("Enter")
    expect(tab.get_by_role("searchbox")).to_be_visible()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    assert context.cookies() == []
    tab.go_back()
    tab.reload()
    assert tab.url == f"{looked_at.address}/login"


def test_nothing_stays_in_the_browser(page: Page, pages: ServedPages) -> None:
    """The library that saves reloads would keep the pages that were seen, also after the end."""
    page.get_by_role("link", name="Review").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("two")
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Runs")
    kept = page.evaluate("[...Object.entries(localStorage), ...Object.entries(sessionStorage)]")
    # Where the tab is, and nothing of what was there.
    assert {name: text for name, text in kept if not text.startswith("/r")} == {}
    page.go_back()
    expect(page.get_by_role("button", name="Same s")).to_be_visible()
    assert page.url == f"{pages.address}/review"

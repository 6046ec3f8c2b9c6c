"""From a name to a person: its values and where they come from, its records, two told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.steward_rows import (
    HARBOUR,
    MARGARET,
    MARGARET_1,
    MARGARET_2,
    MARGARET_3,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.served_pages import ServedPages


@pytest.fixture
def margaret(page: Page, pages: ServedPages) -> Page:
    """Return a tab with a person who was searched for."""
    page.keyboard.press("/")
    page.keyboard.type("whitf")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Whitfield")).to_have_count(2)
    # What was typed is in no address.
    assert page.url == f"{pages.address}/"
    page.get_by_role("link", name="Margaret Ann Whitfield", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Margaret Ann Whitfield")
    assert page.url == f"{pages.address}/persons/{MARGARET}"
    return page


def test_a_name_leads_to_a_person(margaret: Page) -> None:
    known = margaret.get_by_role("region", name="What is known")
    email = known.get_by_role("row", name="margaret.whitfield@harbour.example")
    expect(email).to_contain_text("hubspot")
    expect(email).to_contain_text("latest confirmed")
    records = margaret.get_by_role("region", name="Its records")
    for record in (MARGARET_1, MARGARET_2, MARGARET_3):
        expect(records).to_contain_text(record)
    expect(margaret.get_by_role("region", name="What happened")).to_contain_text("born")


def test_a_person_leads_to_a_company_and_back(margaret: Page, pages: ServedPages) -> None:
    margaret.get_by_role("link", name="Harbour Street Chandlery Ltd").click()
    expect(margaret.get_by_role("heading", level=1)).to_have_text("Harbour Street Chandlery Ltd")
    assert margaret.url == f"{pages.address}/companies/{HARBOUR}"
    people = margaret.get_by_role("region", name="Its people")
    people.get_by_role("link", name="Margaret Ann Whitfield").click()
    expect(margaret.get_by_role("region", name="Its records")).to_contain_text(MARGARET_3)
    margaret.go_back()
    expect(margaret.get_by_role("heading", level=1)).to_have_text("Harbour Street Chandlery Ltd")


def test_two_of_its_records_are_told_apart(margaret: Page, pages: ServedPages) -> None:
    margaret.get_by_role("radio", name=f"left: {MARGARET_1}").check()
    margaret.get_by_role("radio", name=f"right: {MARGARET_3}").check()
    margaret.get_by_label("Two of them are different?").fill("she never wrote to us")
    margaret.get_by_role("button", name="Different").click()
    expect(margaret.get_by_role("status")).to_contain_text("Decided: different")
    (kept,) = pages.decided()
    assert (kept.decision.left_id, kept.decision.right_id) == (MARGARET_1, MARGARET_3)
    assert (kept.decision.verdict, kept.decision.reason) == ("different", "she never wrote to us")
    assert margaret.url == f"{pages.address}/persons/{MARGARET}"


def test_without_two_nothing_is_told_apart(margaret: Page, pages: ServedPages) -> None:
    margaret.get_by_role("radio", name=f"left: {MARGARET_1}").check()
    margaret.get_by_role("button", name="Different").click()
    # The browser itself says what is missing; without it, the service does, in words.
    expect(margaret.get_by_role("heading", level=1)).to_have_text("Margaret Ann Whitfield")
    assert pages.decided() == []
    margaret.evaluate("document.querySelectorAll('[required]').forEach(one => one.required = 0)")
    margaret.get_by_role("button", name="Different").click()
    expect(margaret.get_by_role("alert")).to_contain_text("right_id: Field required")
    margaret.goto(f"{pages.address}/persons/{MARGARET}")
    margaret.get_by_role("radio", name=f"left: {MARGARET_1}").check()
    margaret.get_by_role("radio", name=f"right: {MARGARET_1}").check()
    margaret.get_by_role("button", name="Different").click()
    expect(margaret.get_by_role("alert")).to_contain_text("both sides are the same")
    expect(margaret.get_by_role("alert")).to_be_focused()
    assert pages.decided() == []


def test_who_is_not_known_is_said(page: Page) -> None:
    page.get_by_role("searchbox").fill("zzz qqq")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Nobody is called like that")
    expect(page.get_by_role("searchbox")).to_have_value("zzz qqq")

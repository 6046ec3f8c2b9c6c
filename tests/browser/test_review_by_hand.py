"""A steward at work: by keyboard, by mouse, blind, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.steward_rows import (
    DIFFERENT_WORDS,
    MARGARET_1,
    MARGRET_4,
    QUESTIONS,
    SAID_BY_THE_MODEL,
    SOFIA_7,
    THOMAS_6,
    TOM_5,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Locator, Page

    from tests.browser.served_pages import ServedPages

FIRST = {MARGARET_1, MARGRET_4}
SECOND = {TOM_5, THOMAS_6}
THIRD = {TOM_5, SOFIA_7}
TWO_KEYS = """
for (let n = 0; n < 2; n += 1)
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "s", bubbles: true}));
"""


def verdicts(pages: ServedPages) -> list[tuple[str, set[str]]]:
    """Return what was decided, the newest first."""
    kept = (one.decision for one in pages.decided())
    return [(one.verdict, {one.left_id, one.right_id}) for one in kept]


def latest(page: Page) -> Locator:
    """Return the rows of what was decided last, the head first."""
    return page.get_by_role("region", name="Decided last").get_by_role("row")


def shows(page: Page, records: set[str]) -> None:
    """Wait until a question is asked; other records are not shown in it."""
    pair = page.get_by_role("region", name="The two")
    for record in records:
        expect(pair).to_contain_text(record)


@pytest.fixture
def review(page: Page) -> Page:
    """Return a tab with the first question."""
    page.keyboard.press("g")
    shows(page, FIRST)
    # Keys are there when the page is.
    page.wait_for_load_state()
    return page


@pytest.mark.parametrize(("key", "verdict"), [("s", "same"), ("d", "different"), ("u", "unsure")])
@pytest.mark.parametrize("by", ["key", "mouse"])
def test_a_verdict(review: Page, pages: ServedPages, key: str, verdict: str, by: str) -> None:
    assert set(review.get_by_role("main").locator("mark").all_inner_texts()) >= DIFFERENT_WORDS
    if by == "key":
        review.keyboard.press(key)
    else:
        review.get_by_role("button", name=f"{verdict.title()} {key}").click()
    expect(review.get_by_role("status")).to_contain_text(f"Decided: {verdict}")
    shows(review, SECOND)
    assert verdicts(pages) == [(verdict, FIRST)]
    expect(latest(review).nth(1)).to_contain_text(verdict)
    expect(latest(review).nth(1)).to_contain_text(MARGRET_4)


def test_later_is_no_verdict_and_keeps_its_place(review: Page, pages: ServedPages) -> None:
    review.keyboard.press("j")
    shows(review, SECOND)
    review.keyboard.press("d")
    # The one that was put off does not come back at once.
    shows(review, THIRD)
    assert verdicts(pages) == [("different", SECOND)]
    review.get_by_role("link", name="Later j").click()
    main = review.get_by_role("main")
    expect(main).to_contain_text("2 of 3 questions")
    expect(main).to_contain_text("left for later")
    expect(main).not_to_contain_text("No question is open")
    review.get_by_role("link", name="Begin again").click()
    shows(review, FIRST)


def test_a_key_that_is_held_decides_once(review: Page, pages: ServedPages) -> None:
    for _ in range(10):
        # Each after the first is a repetition, as from a hand that stays down.
        review.keyboard.down("s")
    shows(review, SECOND)
    for _ in range(10):
        review.keyboard.down("s")
    review.keyboard.up("s")
    review.reload()
    shows(review, SECOND)
    assert verdicts(pages) == [("same", FIRST)]


def test_typing_a_note_decides_nothing(review: Page, pages: ServedPages) -> None:
    note = review.get_by_label("Note")
    note.click()
    note.press_sequentially("sdujg/ same")
    expect(note).to_have_value("sdujg/ same")
    assert verdicts(pages) == []
    note.press("Escape")
    expect(note).not_to_be_focused()
    for chord in ("Control+s", "Alt+d"):
        review.keyboard.press(chord)
    assert verdicts(pages) == []
    review.keyboard.press("d")
    shows(review, SECOND)
    assert [one.decision.reason for one in pages.decided()] == ["sdujg/ same"]


def test_enter_in_the_note_is_no_verdict(review: Page, pages: ServedPages) -> None:
    """A browser would press the first button of the form, which says `same`."""
    review.get_by_label("Note").fill("not sure yet")
    review.get_by_label("Note").press("Enter")
    review.reload()
    shows(review, FIRST)
    assert verdicts(pages) == []


def test_two_keys_at_once_are_one_decision(review: Page, pages: ServedPages) -> None:
    # In one go: between two presses from here a fast answer might bring the next question.
    review.evaluate(TWO_KEYS)
    shows(review, SECOND)
    review.reload()
    shows(review, SECOND)
    assert verdicts(pages) == [("same", FIRST)]


def test_a_decision_is_changed(review: Page, pages: ServedPages) -> None:
    review.keyboard.press("s")
    shows(review, SECOND)
    latest(review).nth(1).get_by_role("button", name="unsure").click()
    expect(review.get_by_role("status")).to_contain_text("It takes the place of dec_")
    shows(review, SECOND)
    assert verdicts(pages) == [("unsure", FIRST), ("same", FIRST)]


def test_the_last_question_ends_the_queue(review: Page, pages: ServedPages) -> None:
    for number in range(3):
        expect(review.get_by_role("main")).to_contain_text(f"{3 - number} of 3 questions")
        review.keyboard.press("u")
    expect(review.get_by_role("main")).to_contain_text("No question is open")
    # Its keys are gone with it.
    review.keyboard.press("s")
    assert len(pages.decided()) == 3
    review.get_by_role("link", name="Companies").click()
    expect(review.get_by_role("region", name="The two")).to_contain_text("Chandlery")


def test_who_is_blind_is_told_nothing(
    opened: Callable[..., BrowserContext], pages: ServedPages
) -> None:
    tab = opened().new_page()
    tab.goto(pages.link())
    answers: list[str] = []
    tab.goto(f"{pages.address}/review")
    assert all(word in tab.content() for word in SAID_BY_THE_MODEL if word != "bar_start")
    tab.on("response", lambda one: answers.append(one.text()) if one.ok else None)
    tab.get_by_role("link", name="Blind").click()
    expect(tab.get_by_role("link", name="Show what the model thinks")).to_be_visible()
    for number, (left, right, weight, why) in enumerate(QUESTIONS[:3]):
        shows(tab, {left, right})
        html = tab.content()
        assert f"{weight:+.1f}" not in html
        assert why not in html
        assert "<svg" not in html
        # Whether it holds them for one is said by where they are, too.
        assert tab.get_by_role("region", name="The two").get_by_role("link").count() == 0
        expect(tab.get_by_role("heading", level=1)).to_have_text("One or two?")
        tab.keyboard.press("sdu"[number])
        left_open = tab.get_by_role("main")
        expect(left_open).to_contain_text(f"{2 - number} of 3 questions")
        assert "blind=1" in tab.url
    pages_seen = [text for text in answers if "<html" in text]
    assert len(pages_seen) >= 3
    for text in pages_seen:
        assert "bits" not in text
        assert "<svg" not in text
    assert len(verdicts(pages)) == 3


def test_all_of_it_works_without_scripts(
    opened: Callable[..., BrowserContext], pages: ServedPages
) -> None:
    tab = opened(java_script_enabled=False).new_page()
    tab.goto(pages.link())
    tab.get_by_role("searchbox").fill("whitfield")
    tab.get_by_role("button", name="Search").click()
    tab.get_by_role("link", name="Margaret Anne Whitfield").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Margaret Anne Whitfield")
    tab.get_by_role("link", name="Review").click()
    shows(tab, FIRST)
    tab.get_by_label("Note").fill("two of them")
    tab.get_by_role("button", name="Different d").click()
    expect(tab.get_by_role("status")).to_contain_text("Decided: different")
    shows(tab, SECOND)
    latest(tab).nth(1).get_by_role("button", name="same").click()
    expect(tab.get_by_role("status")).to_contain_text("takes the place")
    assert verdicts(pages) == [("same", FIRST), ("different", FIRST)]
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()

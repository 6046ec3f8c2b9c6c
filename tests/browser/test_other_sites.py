"""What others try: forms of another site, frames, and values that look like programs."""

from __future__ import annotations

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect

from tests.browser.served_pages import publish, served, service_over
from tests.browser.steward_rows import (
    HARBOUR,
    MARGARET,
    MARGARET_1,
    MARGRET_4,
    STEWARD_ROWS,
)
from tests.browser.told_problems import ToldProblems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.served_pages import ServedPages

SETS_A_FLAG: Final = "window.hacked = 1; alert(1)"
PAYLOADS: Final = (
    f"<script>{SETS_A_FLAG}</script>",
    f"\"'><img src=x onerror='{SETS_A_FLAG}'>",
    f"<svg onload='{SETS_A_FLAG}'>",
    f"</td></table><script>{SETS_A_FLAG}</script>",
    "javascript:window.hacked=1",
    "{{ 7 * 7 }} ${7*7} {% raw %}",
    f"<div hx-get='/x' hx-trigger='load' hx-on::load='{SETS_A_FLAG}'>",
)
ATTACK: Final = " ".join(PAYLOADS)
# As much as fits.
TYPED: Final = ATTACK[:190].strip()
NOTE: Final = ATTACK[:290].strip()


class OtherSite:
    """A site on another port of this machine, with one page."""

    def __init__(self) -> None:
        self.page = ""
        site = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *said: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.port = self.server.server_address[1]


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    """Return a site of somebody else."""
    site = OtherSite()
    thread = threading.Thread(target=site.server.serve_forever, daemon=True)
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


def form_to(address: str, **fields: str) -> str:
    """Return a page with a form that sends itself."""
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
        for name, value in fields.items()
    )
    script = "<script>document.forms[0].submit()</script>"
    return f'<form method="post" action="{address}/decide">{inputs}</form>{script}'


def decision_of(page: Page, verdict: str) -> dict[str, str]:
    """Return what the form on the page of a question would send."""
    fields: dict[str, str] = page.evaluate(
        "Object.fromEntries(new FormData(document.querySelector('form.verdict')))"
    )
    return {**fields, "verdict": verdict}


# A browser takes all ports of one name for the same site, so that it sends the cookie along.
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_form_of_another_site_decides_nothing(
    page: Page, pages: ServedPages, other_site: OtherSite, host: str
) -> None:
    page.goto(f"{pages.address}/review")
    # Even one that knows the token.
    other_site.page = form_to(pages.address, **decision_of(page, "same"))
    with page.expect_response(lambda one: one.url.endswith("/decide")) as answer:
        page.goto(f"http://{host}:{other_site.port}/")
    sent = answer.value.request
    assert sent.method == "POST"
    is_with_cookie = "concord_session" in sent.all_headers().get("cookie", "")
    assert is_with_cookie == (host == "127.0.0.1")
    page.wait_for_load_state()
    if is_with_cookie:
        assert answer.value.status == 403
        expect(page.get_by_role("alert")).to_contain_text("another site")
    else:
        assert page.url == f"{pages.address}/login"
    assert pages.decided() == []


def test_a_form_without_its_token_decides_nothing(page: Page, pages: ServedPages) -> None:
    for change in ("one.remove()", "one.value = 'guess'"):
        page.goto(f"{pages.address}/review")
        page.evaluate(
            f"document.querySelectorAll('[name=form_token]').forEach(one => {{{change}}})"
        )
        page.get_by_role("button", name="Same s").click()
        expect(page.get_by_role("alert")).to_contain_text("load the page again")
        assert pages.decided() == []


def test_no_other_site_has_a_page_in_a_frame(
    page: Page, pages: ServedPages, other_site: OtherSite
) -> None:
    other_site.page = f'<iframe src="{pages.address}/review"></iframe>'
    page.goto(f"http://127.0.0.1:{other_site.port}/")
    page.wait_for_load_state("networkidle")
    assert [frame.get_by_role("button").count() for frame in page.frames] == [0, 0]


@pytest.fixture(scope="module")
def attacked(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPages]:
    """Return pages of which each text is an attack."""
    folder = tmp_path_factory.mktemp("attacked")
    publish(folder, {name: [_attacked(row) for row in rows] for name, rows in STEWARD_ROWS.items()})
    with served(service_over(folder)) as pages:
        yield pages


def _attacked(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of which all texts are attacks, but for ids and what rows are looked for by."""
    kept = ("entity", "verdict", "state", "kind", "question", "usage", "source_system", "status")
    texts = {name: value for name, value in row.items() if isinstance(value, str)}
    ids = {name for name in texts if "_id" in name}
    return row | {name: f"{texts[name]} {ATTACK}" for name in texts.keys() - ids - {*kept}}


def test_no_value_is_run(opened: Callable[..., BrowserContext], attacked: ServedPages) -> None:
    tab = opened().new_page()
    problems = ToldProblems(attacked.address)
    problems.watch(tab)
    tab.goto(attacked.link())
    for path in ("/review", f"/persons/{MARGARET}", f"/companies/{HARBOUR}", "/runs", "/model"):
        tab.goto(attacked.address + path)
        tab.wait_for_load_state("networkidle")
        assert tab.evaluate("window.hacked") is None
        assert tab.locator("main script, main img, main [hx-get], main [onload]").count() == 0
    tab.goto(attacked.address)
    tab.get_by_role("searchbox").fill(TYPED)
    tab.get_by_role("searchbox").press("Enter")
    tab.wait_for_load_state("networkidle")
    expect(tab.get_by_role("searchbox")).to_have_value(TYPED)
    # A note comes back as it was written; so does what names a record.
    tab.goto(f"{attacked.address}/review")
    tab.get_by_label("Note").fill(NOTE)
    tab.get_by_role("button", name="Unsure u").click()
    expect(tab.get_by_role("status")).to_contain_text("Decided")
    tab.goto(f"{attacked.address}/persons/{ATTACK}")
    expect(tab.get_by_role("alert")).to_be_visible()
    assert tab.evaluate("window.hacked") is None
    assert [one for one in problems.told if not one.startswith("404")] == []
    (kept,) = attacked.decided()
    assert kept.decision.reason == NOTE
    assert {kept.decision.left_id, kept.decision.right_id} == {MARGARET_1, MARGRET_4}


def test_the_policy_stops_what_would_get_in(page: Page) -> None:
    """The second wall, if the first one had a hole."""
    hole = (
        f"<img src='/x' onerror='{SETS_A_FLAG}'><a id='j' href='javascript:window.hacked=1'>x</a>"
    )
    page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", hole)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {text: 'window.hacked = 1'}))"
    )
    page.locator("#j").click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.hacked") is None

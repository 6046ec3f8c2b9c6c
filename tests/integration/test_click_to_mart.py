"""From a click to the published tables: what a steward decides on a page, the next run does."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from orchestrator.api.start import open_service
from orchestrator.local_warehouse import process
from orchestrator.settings.values import exported, load_settings
from tests.browser.installed_browser import is_installed, start_browser
from tests.browser.served_pages import served
from tests.integration.conftest import client_of
from tests.project_copy import copy_project, share_translations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud.bigquery import Client
    from google.cloud.bigquery.table import Row
    from playwright.sync_api import Page

    from tests.browser.served_pages import ServedPages

pytestmark = [pytest.mark.integration, pytest.mark.needs_models, pytest.mark.slow]

CONCORD: Final = Path(sys.executable).with_name("concord")
PEOPLE: Final = "120"
# Somebody with two records, of which nothing else is asked.
TWO_OF_ONE: Final = """
select person_id, min(record_id) as left_id, max(record_id) as right_id
from concord_published.bridge_person_records
where person_id not in (
    select entity_id
    from concord_published.match_review_queue, unnest([entity_id_l, entity_id_r]) as entity_id
)
group by person_id
having count(*) = 2
order by person_id
limit 1
"""
# The two of whom the model is surest that they are two, and how many are asked about before them.
TWO_PEOPLE: Final = """
with questions as (
    select *, row_number() over (order by priority) - 1 as n_before
    from concord_published.match_review_queue
    where entity = 'person'
)
select n_before, record_id_l as left_id, record_id_r as right_id
from questions
where question = 'join'
order by match_weight, n_before
limit 1
"""
WHOSE: Final = "select record_id, person_id from concord_published.bridge_person_records"
HIDDEN: Final = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Steward(Protocol):
    """Somebody in front of the pages."""

    def tell_apart(self, person_id: str, left: str, right: str) -> None:
        """Say on the page of a person that two of its records are two people's."""

    def join(self, n_before: int) -> set[str]:
        """Say `same` of two who are asked about after others; return their records."""


class InBrowser:
    """Clicks."""

    def __init__(self, page: Page, pages: ServedPages) -> None:
        self._page = page
        self._address = pages.address
        page.goto(pages.link())

    def tell_apart(self, person_id: str, left: str, right: str) -> None:
        """Choose one on each side, and press the button."""
        self._page.goto(f"{self._address}/persons/{person_id}")
        self._page.get_by_role("radio", name=f"left: {left}", exact=True).check()
        self._page.get_by_role("radio", name=f"right: {right}", exact=True).check()
        self._page.get_by_role("button", name="Different").click()
        expect(self._page.get_by_role("status")).to_contain_text("Decided: different")

    def join(self, n_before: int) -> set[str]:
        """Press the key of `same`."""
        self._page.goto(f"{self._address}/review?skip={n_before}")
        asked = {
            self._page.locator(f"form.verdict [name={side}_id]").input_value()
            for side in ("left", "right")
        }
        self._page.keyboard.press("s")
        expect(self._page.get_by_role("status")).to_contain_text("Decided: same")
        return asked


class ByForms:
    """Sends what a browser would send, where there is none."""

    def __init__(self, client: httpx.Client, pages: ServedPages) -> None:
        self._client = client
        client.get(pages.link()).raise_for_status()

    def _decide(self, path: str, **changes: str) -> dict[str, str]:
        page = self._client.get(path).text
        form = next(one for one in page.split("<form")[1:] if 'action="/decide"' in one)
        fields = {name: html.unescape(value) for name, value in HIDDEN.findall(form)} | changes
        told = self._client.post("/decide", data=fields)
        assert f"Decided: {changes['verdict']}" in told.text
        return fields

    def tell_apart(self, person_id: str, left: str, right: str) -> None:
        """Send the form of a person."""
        path = f"/persons/{person_id}"
        self._decide(path, left_id=left, right_id=right, verdict="different")

    def join(self, n_before: int) -> set[str]:
        """Send the form of a question."""
        sent = self._decide(f"/review?skip={n_before}", verdict="same")
        return {sent["left_id"], sent["right_id"]}


def concord(project: Path, *arguments: str) -> None:
    """Run a command in a process of its own; it has to succeed."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("CONCORD_")}
    done = subprocess.run(
        [str(CONCORD), *arguments],
        cwd=project,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a copy of the project in which a small demo was published, with its snapshot."""
    folder = tmp_path_factory.mktemp("click") / "concord"
    folder.mkdir()
    copy_project(folder)
    share_translations(folder)
    try:
        concord(folder, "demo", "--people", PEOPLE)
        concord(folder, "snapshot")
        yield folder
    finally:
        concord(folder, "warehouse", "stop")


@pytest.fixture
def client(project: Path) -> Iterator[Client]:
    """Return a client of its warehouse, which commands of this process find too."""
    running = process.running_warehouse(project / ".concord")
    assert running is not None
    places = {"CONCORD_PROJECT_DIR": str(project), "CONCORD_SERVE_PORT": "0"}
    with exported(running.variables() | places):
        yield client_of(running)


def whose(client: Client) -> dict[str, str]:
    """Return the person of each record, as published."""
    return {row["record_id"]: row["person_id"] for row in client.query_and_wait(WHOSE)}


def test_a_click_ends_in_the_mart(project: Path, client: Client) -> None:
    (one,) = client.query_and_wait(TWO_OF_ONE)
    (two,) = client.query_and_wait(TWO_PEOPLE)
    before = whose(client)
    with served(open_service(load_settings())) as pages:
        if is_installed():
            with sync_playwright() as playwright, start_browser(playwright) as browser:
                decide(InBrowser(browser.new_page(), pages), one, two)
        else:
            with httpx.Client(base_url=pages.address, follow_redirects=True) as forms:
                decide(ByForms(forms, pages), one, two)
        assert len(pages.decided()) == 2
    # The service sends what waits before it ends.
    assert {one.state for one in pages.decided()} == {"sent"}
    assert before[two["left_id"]] != before[two["right_id"]]

    # Two of so few records are more than a night may change by itself.
    concord(project, "run", "--accept-changes")
    after = whose(client)
    assert after[one["left_id"]] != after[one["right_id"]]
    assert after[two["left_id"]] == after[two["right_id"]]
    assert after.keys() == before.keys()
    states = client.query_and_wait("select verdict, state from concord_published.decision_audit")
    assert sorted(tuple(row.values()) for row in states) == [
        ("different", "applied"),
        ("same", "applied"),
    ]


def decide(steward: Steward, one: Row, two: Row) -> None:
    """Let a steward make two of one, and one of two."""
    steward.tell_apart(one["person_id"], one["left_id"], one["right_id"])
    assert steward.join(two["n_before"]) == {two["left_id"], two["right_id"]}

"""All pages, in the one list that what holds of each of them is tested with.

A new page is a line here; `test_no_page_is_forgotten` compares the list with the routes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tests.browser.steward_rows import HARBOUR, MARGARET

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize


@dataclass(frozen=True)
class PageVisit:
    """A page in one of its states, and how to come there."""

    name: str
    # The route as the application has it.
    route: str
    path: str
    status: int = 200
    is_signed_in: bool = True
    # What is typed into the field of the page, and sent with Enter.
    typed: str = ""

    def go(self, page: Page, address: str) -> None:
        """Open the page."""
        answer = page.goto(address + self.path)
        assert answer is not None
        assert answer.status == self.status, (self.name, answer.status)
        if self.typed:
            field = page.get_by_role("main").locator("input:not([type=hidden])").first
            field.fill(self.typed)
            with page.expect_response(lambda one: one.request.method == "POST"):
                field.press("Enter")
            page.get_by_role("main").wait_for()
            page.wait_for_load_state("networkidle")


PAGES: Final = (
    PageVisit("front", "/", "/"),
    PageVisit("found", "/", "/", typed="whitfield"),
    PageVisit("nobody found", "/", "/", typed="zzz qqq"),
    PageVisit("review", "/review", "/review"),
    PageVisit("review of companies", "/review", "/review?entity=company"),
    PageVisit("review blind", "/review", "/review?blind=1"),
    PageVisit("review empty", "/review", "/review?skip=1000"),
    PageVisit("questions about one", "/review/{kind}/{entity_id}", f"/review/persons/{MARGARET}"),
    PageVisit("no question about one", "/review/{kind}/{entity_id}", "/review/persons/nobody"),
    PageVisit("agreement", "/agreement", "/agreement"),
    PageVisit("second opinion", "/second-opinion", "/second-opinion"),
    PageVisit("a run", "/runs/{run_id}", "/runs/r1"),
    PageVisit("person", "/persons/{entity_id}", f"/persons/{MARGARET}"),
    PageVisit("company", "/companies/{entity_id}", f"/companies/{HARBOUR}"),
    PageVisit("runs", "/runs", "/runs"),
    PageVisit("model", "/model", "/model"),
    PageVisit("key for OpenRefine", "/reconcile-key", "/reconcile-key"),
    PageVisit("model that is not there", "/model", "/model?entity=company"),
    PageVisit("nothing there", "/persons/{entity_id}", "/persons/nobody", status=404),
    PageVisit("wrong address", "/review", "/review?entity=dog", status=422),
    PageVisit("login", "/login", "/login", is_signed_in=False),
    PageVisit("login refused", "/login", "/login", is_signed_in=False, typed="guess"),
    PageVisit("link used", "/login", "/login?ticket=used", status=401, is_signed_in=False),
)
# They lead to an issuer and back (tests/unit/test_issuer_login.py): nobody looks at them.
ON_THE_WAY: Final = {"/login/start", "/login/callback"}
NAMES: Final = [visit.name for visit in PAGES]
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESKTOP: Final[ViewportSize] = {"width": 1920, "height": 1080}
WIDTHS: Final[dict[str, ViewportSize]] = {"phone": PHONE, "desktop": DESKTOP}
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")

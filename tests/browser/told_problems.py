"""What a browser says in its console, and what it runs that it should not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, Response


@dataclass
class ToldProblems:
    """Errors of the console (a policy's too), dialogs, and what was asked of other places."""

    address: str
    told: list[str] = field(default_factory=list)
    # An answer that says no is an error in the console; some pages are such answers.
    expected_status: int = 200

    def watch(self, page: Page) -> None:
        """Write down what goes wrong in a tab from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.told.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        is_answer = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not is_answer:
            self.told.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.told.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith(self.address):
            self.told.append(f"asked elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status != self.expected_status:
            self.told.append(f"{response.status}: {response.url}")

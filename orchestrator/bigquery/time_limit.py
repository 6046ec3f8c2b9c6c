"""A time limit for every request: some calls of Google's client have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from requests import PreparedRequest, Response


class TimeLimit(HTTPAdapter):
    """Sends no request without a limit."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__()
        self.seconds = seconds

    def send(self, request: PreparedRequest, **options: Any) -> Response:  # type: ignore[override]  # noqa: ANN401
        """Send a request; a limit that it brings counts."""
        if options.get("timeout") is None:
            options["timeout"] = self.seconds
        return super().send(request, **options)

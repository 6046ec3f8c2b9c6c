"""Errors of Google's libraries and of the network: one message, what to do, an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from google.api_core import exceptions as google
from google.auth import exceptions as auth
from google.resumable_media.common import InvalidResponse
from pydantic import ValidationError
from urllib3.exceptions import ProtocolError

from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.cli import concord, execute
from orchestrator.errors import (
    ConcordError,
    ConfigurationError,
    InputError,
    LoginRefused,
    WarehouseRefused,
    WarehouseUnavailable,
)
from orchestrator.files.state_files import problem_of
from orchestrator.health.check import check_health
from orchestrator.lock.places import clear_errors
from orchestrator.mapping.mapping import Mapping
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path

EXPIRED = auth.RefreshError(
    "invalid_grant: Bad Request", {"error": "invalid_grant", "error_description": "Bad Request"}
)


def answer(status: int) -> requests.Response:
    """Return an answer without a body."""
    response = requests.Response()
    response.status_code = status
    return response


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (EXPIRED, LoginRefused),
        (auth.ReauthFailError("Reauthentication challenge failed"), LoginRefused),
        (auth.DefaultCredentialsError("none"), LoginRefused),
        (auth.InvalidOperation("Anonymous credentials cannot be refreshed."), LoginRefused),
        (google.Unauthorized("Request had invalid authentication credentials"), LoginRefused),
        (auth.RefreshError("503 from the metadata server", retryable=True), WarehouseUnavailable),
        (auth.TransportError("HTTPSConnectionPool: Max retries"), WarehouseUnavailable),
        (auth.TimeoutError("too slow"), WarehouseUnavailable),
        (requests.exceptions.ReadTimeout("Read timed out."), WarehouseUnavailable),
        (requests.exceptions.ConnectTimeout("timed out"), WarehouseUnavailable),
        (requests.exceptions.ConnectionError("refused"), WarehouseUnavailable),
        (requests.exceptions.ChunkedEncodingError("IncompleteRead"), WarehouseUnavailable),
        (ProtocolError("Connection broken"), WarehouseUnavailable),
        (ConnectionResetError(104, "Connection reset by peer"), WarehouseUnavailable),
        (TimeoutError(), WarehouseUnavailable),
        (google.ServiceUnavailable("later"), WarehouseUnavailable),
        (google.RetryError("Timeout of 600.0s exceeded", None), WarehouseUnavailable),
        (google.TooManyRequests("slow down"), WarehouseUnavailable),
        (
            google.Forbidden("Exceeded rate limits", errors=[{"reason": "rateLimitExceeded"}]),
            WarehouseUnavailable,
        ),
        (InvalidResponse(answer(503), "upload failed"), WarehouseUnavailable),
        (InvalidResponse(answer(403), "upload failed"), WarehouseRefused),
        (requests.exceptions.SSLError("certificate verify failed"), WarehouseRefused),
        (requests.exceptions.InvalidURL("no host"), WarehouseRefused),
        (google.Forbidden("Access Denied", errors=[{"reason": "accessDenied"}]), WarehouseRefused),
        (google.NotFound("Not found: Dataset p:d"), WarehouseRefused),
    ],
)
def test_every_error_has_words(error: Exception, expected: type[ConcordError]) -> None:
    known = as_concord_error(error)
    assert type(known) is expected
    assert known.what_to_do
    assert "\n" not in known.message


def test_a_login_is_told_how_to_renew() -> None:
    known = as_concord_error(EXPIRED)
    assert known is not None
    assert "gcloud auth application-default login" in known.what_to_do


def test_a_mistake_of_ours_stays_one() -> None:
    assert as_concord_error(KeyError("x")) is None
    assert as_concord_error(FileNotFoundError("x")) is None
    # Its `errors` is a method, where an error of Google's has a list.
    with pytest.raises(ValidationError) as wrong:
        Mapping.model_validate({})
    assert as_concord_error(wrong.value) is None
    ours = InputError("a", "b")
    assert as_concord_error(ours) is ours


def test_the_statement_is_not_repeated() -> None:
    error = google.BadRequest("Syntax error\n\n     -----Query Job SQL Follows-----     \nselect 1")
    known = as_concord_error(error)
    assert known is not None
    assert known.message == "the warehouse refused: Syntax error"


def test_the_command_ends_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(**_: object) -> None:
        raise EXPIRED

    monkeypatch.setattr(concord, "main", main)
    assert execute(["history"]) == LoginRefused.exit_code
    told = capsys.readouterr().err
    assert told.startswith("Error: Google does not take the login: ")
    assert "Traceback" not in told


def test_health_says_what_to_do(tmp_path: Path) -> None:
    def refuse() -> None:
        raise EXPIRED

    settings = Settings(project_dir=tmp_path, target="prod")
    report = check_health(settings, refuse, components=("warehouse",))  # type: ignore[arg-type]
    (warehouse,) = report.components
    assert warehouse.status == "fail"
    assert "gcloud auth application-default login" in warehouse.what_to_do
    assert not warehouse.passes


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (EXPIRED, LoginRefused),
        (auth.TransportError("Max retries exceeded"), WarehouseUnavailable),
        (google.TooManyRequests("slow down"), WarehouseUnavailable),
        (google.Forbidden("no right"), ConfigurationError),
        (PermissionError(13, "Permission denied"), ConfigurationError),
        (OSError(28, "No space left on device"), WarehouseUnavailable),
    ],
)
def test_the_place_of_the_lock_says_it_too(error: Exception, expected: type[ConcordError]) -> None:
    with (
        pytest.raises(ConcordError, match="the lock gs://b/l cannot be used") as caught,
        clear_errors("gs://b/l"),
    ):
        raise error
    assert type(caught.value) is expected


def test_the_run_log_says_it_in_the_same_words() -> None:
    def refuse() -> None:
        raise EXPIRED

    assert problem_of(refuse).startswith("Google does not take the login: ")

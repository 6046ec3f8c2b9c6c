"""Errors as RFC 9457 problem documents, each with a code of its own."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from orchestrator.errors import ConcordError, InputError
from orchestrator.logs import get_logger

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"
# Code -> status and title. A client acts on the code; the detail is for people.
CODES: Final = {
    "not_signed_in": (HTTPStatus.UNAUTHORIZED, "Sign in first"),
    "not_allowed": (HTTPStatus.FORBIDDEN, "This role may not do that"),
    "unknown_id": (HTTPStatus.NOT_FOUND, "Nobody has this id"),
    "retired_without_successor": (HTTPStatus.GONE, "This id has ended"),
    "unknown_path": (HTTPStatus.NOT_FOUND, "There is nothing at this address"),
    "wrong_method": (HTTPStatus.METHOD_NOT_ALLOWED, "This address does not do that"),
    "wrong_request": (HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not as it should be"),
    "wrong_cursor": (HTTPStatus.BAD_REQUEST, "The cursor is of no page"),
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large"),
    "too_many": (HTTPStatus.TOO_MANY_REQUESTS, "Too many requests"),
    "another_decision": (HTTPStatus.CONFLICT, "The key is that of another decision"),
    "no_snapshot": (HTTPStatus.SERVICE_UNAVAILABLE, "There is nothing to answer from yet"),
    "warehouse": (HTTPStatus.BAD_GATEWAY, "The warehouse did not answer"),
    "too_slow": (HTTPStatus.GATEWAY_TIMEOUT, "The warehouse took too long"),
    "broken": (HTTPStatus.INTERNAL_SERVER_ERROR, "Something is broken here"),
}
# What every endpoint may answer that asks who calls.
ALWAYS: Final = ("not_signed_in", "not_allowed", "too_large", "wrong_request", "no_snapshot")
BY_STATUS: Final = {404: "unknown_path", 405: "wrong_method", 413: "too_large"}


class Refusal(Exception):
    """An answer that is no answer; `code` is one of CODES."""

    def __init__(self, code: str, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class ProblemDocument(BaseModel):
    """A problem (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str = Field(description="What a program acts on.")
    detail: str = Field(description="For people.")
    request_id: str
    problems: list[dict[str, str]] = Field(default=[], description="Places of a wrong request.")


def refusals(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return the answers of an endpoint that are problems, for its description."""
    found: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        status, title = CODES[code]
        known = found.get(int(status))
        found[int(status)] = {
            "description": f"{known['description']}; `{code}`" if known else f"`{code}`: {title}",
            "content": {MEDIA_TYPE: {"schema": ProblemDocument.model_json_schema()}},
        }
    return found


def problem_answer(
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    **more: Any,  # noqa: ANN401
) -> Response:
    """Return the document of a problem."""
    status, title = CODES[code]
    body = {
        "type": f"urn:concord:problem:{code}",
        "title": title,
        "status": int(status),
        "code": code,
        "detail": detail,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
        **more,
    }
    return JSONResponse(body, int(status), headers, MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    """Let every error of the app be a problem document; none shows what is inside."""

    @app.exception_handler(Refusal)
    def of_ours(request: Request, error: Refusal) -> Response:  # noqa: ARG001
        return problem_answer(error.code, error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    def of_request(request: Request, error: RequestValidationError) -> Response:  # noqa: ARG001
        # Where and what is wrong, never the value: it may be somebody's address.
        problems = [
            {"place": ".".join(str(part) for part in one["loc"]), "problem": one["msg"]}
            for one in error.errors()
        ]
        return problem_answer("wrong_request", "see `problems`", problems=problems)

    @app.exception_handler(HTTPException)
    def of_starlette(request: Request, error: HTTPException) -> Response:  # noqa: ARG001
        code = BY_STATUS.get(error.status_code, "wrong_request")
        return problem_answer(code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(ConcordError)
    def of_concord(request: Request, error: ConcordError) -> Response:  # noqa: ARG001
        code = "no_snapshot" if isinstance(error, InputError) else "warehouse"
        get_logger().error("request failed", problem=error.message)
        return problem_answer(code, f"{error.message}; {error.what_to_do}")

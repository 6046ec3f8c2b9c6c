"""Where the service is, and who may call it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse, Response

from orchestrator.api.callers import Caller
from orchestrator.api.problems import ALWAYS, refusals
from orchestrator.api.service import ServiceOf, caller_of, service_of

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX: Final = "/reconcile"
WITH_KEY: Final = f"{PREFIX}/{{key}}"


def reconciling_caller(
    request: Request, service: ServiceOf, authorization: Annotated[str | None, Header()] = None
) -> Caller:
    """Return whose key stands in the address, else whom a token is about, as everywhere."""
    key = request.path_params.get("key")
    if key is not None:
        return service.reconcile_keys.caller(key)
    return caller_of(request, service, authorization)


ReconcilingCaller = Annotated[Caller, Depends(reconciling_caller)]


def root_of(request: Request) -> str:
    """Return the address of the service itself: as it is set, else as its caller says.

    What a proxy hands on says http, and a key in an address must not go out by http.
    """
    public = service_of(request).settings.serve.public_url
    return public or str(request.base_url).rstrip("/")


class BothAddresses:
    """Puts an endpoint at the address without a key, and then at the one with it.

    Only the first is in the contract: the answers are the same. What has no key goes first, or
    its words would be taken for keys.
    """

    def __init__(self) -> None:
        self.plain = APIRouter(tags=["OpenRefine"], prefix=PREFIX)
        self.with_key = APIRouter(prefix=WITH_KEY, include_in_schema=False)

    def add(
        self,
        path: str,
        endpoint: Callable[..., Any],
        method: str,
        *codes: str,
        answers_with: type[Response] = JSONResponse,
    ) -> None:
        """Add an endpoint; `codes` are its problems beside those that all have."""
        answers = refusals(*ALWAYS, *codes)
        for router in (self.plain, self.with_key):
            router.add_api_route(
                path,
                endpoint,
                methods=[method],
                responses=answers,
                response_class=answers_with,
            )

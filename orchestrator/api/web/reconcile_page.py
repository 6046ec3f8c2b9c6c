"""The address for OpenRefine: made here, shown once, revoked here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from orchestrator.api.routes.reconcile_access import PREFIX, root_of
from orchestrator.api.routes.reconcile_keys import KEYS_PER_MINUTE
from orchestrator.api.service import ServiceOf
from orchestrator.api.web.page import SEE_OTHER, SessionOf, page
from orchestrator.api.web.sessions import check_form

router = APIRouter(include_in_schema=False)

ShortText = Annotated[str, Form(max_length=300)]


@router.get("/reconcile-key")
def keys_page(service: ServiceOf, session: SessionOf) -> Response:
    """Show which keys there are."""
    keys = service.reconcile_keys.of(session.caller)
    return page("reconcile_key", service, session, address="", keys=keys)


@router.post("/reconcile-key")
def make_key_on_page(
    request: Request, service: ServiceOf, session: SessionOf, form_token: ShortText = ""
) -> Response:
    """Make a key, and show the address with it, this once."""
    check_form(request, session, form_token)
    service.count(session.caller, "reconcile keys", KEYS_PER_MINUTE)
    secret, kept = service.reconcile_keys.make(session.caller)
    service.audit(session.caller, "make reconcile key", kept.key_id)
    address = f"{root_of(request)}{PREFIX}/{secret}"
    keys = service.reconcile_keys.of(session.caller)
    answer = page("reconcile_key", service, session, address=address, keys=keys)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/reconcile-key/revoke")
def revoke_key_on_page(
    request: Request,
    service: ServiceOf,
    session: SessionOf,
    key_id: ShortText,
    form_token: ShortText = "",
) -> Response:
    """Revoke a key."""
    check_form(request, session, form_token)
    service.reconcile_keys.revoke(session.caller, key_id)
    service.audit(session.caller, "revoke reconcile key", key_id)
    session.told = "Revoked. The address with this key opens nothing any more."
    return RedirectResponse("/reconcile-key", SEE_OTHER)

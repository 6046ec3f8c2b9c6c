"""Keys for OpenRefine, which has no place for a token."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from orchestrator.api.documents import Document
from orchestrator.api.problems import refusals
from orchestrator.api.routes.reconcile_access import PREFIX, root_of
from orchestrator.api.service import CallerOf, ServiceOf

router = APIRouter(tags=["OpenRefine"])

KEYS_PER_MINUTE: Final = 20


class ReconcileKeyDocument(Document):
    """A new key, and the address with it; both are secret, and are shown this once."""

    key_id: str
    key: str
    address: str
    expires_at: str


@router.post("/reconcile-keys", status_code=201, responses=refusals("too_many"))
def make_key(
    request: Request, response: Response, service: ServiceOf, caller: CallerOf
) -> ReconcileKeyDocument:
    """Make a key of your own for OpenRefine; it may what you may, for twelve hours.

    Of your keys the ten newest are taken, and none after the service has started anew.
    """
    service.count(caller, "reconcile keys", KEYS_PER_MINUTE)
    secret, kept = service.reconcile_keys.make(caller)
    service.audit(caller, "make reconcile key", kept.key_id)
    response.headers["cache-control"] = "no-store"
    return ReconcileKeyDocument(
        key_id=kept.key_id,
        key=secret,
        address=f"{root_of(request)}{PREFIX}/{secret}",
        expires_at=f"{kept.expires_at:%Y-%m-%dT%H:%M:%SZ}",
    )


@router.delete("/reconcile-keys/{key_id}", status_code=204, responses=refusals("unknown_id"))
def revoke_key(
    service: ServiceOf, caller: CallerOf, key_id: Annotated[str, Path(max_length=100)]
) -> None:
    """Revoke a key of yours; admins may revoke any."""
    service.reconcile_keys.revoke(caller, key_id)
    service.audit(caller, "revoke reconcile key", key_id)

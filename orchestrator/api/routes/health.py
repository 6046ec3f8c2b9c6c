"""Does it live, can it answer, and how are its parts? For probes and for people."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from orchestrator.api.callers import LocalKey
from orchestrator.api.documents import ComponentState, ServiceHealth
from orchestrator.api.figures import age_seconds
from orchestrator.api.service import Service, ServiceOf

router = APIRouter(tags=["health"])

SEE_LOG: Final = "its log says why"


@router.get("/livez")
async def livez() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "There is no snapshot yet."}})
async def readyz(service: ServiceOf, response: Response) -> dict[str, str]:
    """Say whether there is a snapshot to answer from."""
    if not service.holder.is_ready:
        response.status_code = 503
        return {"status": "no snapshot"}
    return {"status": "ok"}


# Cloud Run keeps some paths that end with z to itself: from outside it is asked for without.
@router.get("/health", include_in_schema=False)
@router.get("/healthz", responses={503: {"description": "A part is not well."}})
def healthz(service: ServiceOf, response: Response) -> ServiceHealth:
    """Say how each part is, and how old the data are."""
    components = [_snapshot(service), _newest(service), _decisions(service)]
    is_well = all(one.is_well for one in components)
    if not is_well:
        response.status_code = 503
    return ServiceHealth(is_well=is_well, components=components)


def _snapshot(service: Service) -> ComponentState:
    if not service.holder.is_ready:
        return ComponentState(name="snapshot", is_well=False, detail="none yet")
    snapshot = service.snapshot
    hours = age_seconds(snapshot) / 3600
    detail = f"run {snapshot.run_id}, data {hours:.1f} hours old"
    most = service.settings.serve.max_age_hours
    return ComponentState(name="snapshot", is_well=hours <= most, detail=detail)


def _newest(service: Service) -> ComponentState:
    problem = service.holder.problem
    told = _told(service, problem) if problem else "none is refused"
    return ComponentState(name="newer snapshots", is_well=not problem, detail=told)


def _decisions(service: Service) -> ComponentState:
    waiting = service.outbox.count_pending()
    problem = service.outbox.problem
    detail = f"{waiting} on their way" + (f": {_told(service, problem)}" if problem else "")
    return ComponentState(name="decisions", is_well=not problem, detail=detail)


def _told(service: Service, problem: str) -> str:
    """Return a problem for whoever asks: on this machine its words, elsewhere where they are.

    Nobody signs in for it, and the words name datasets and buckets.
    """
    return problem if isinstance(service.tokens, LocalKey) else SEE_LOG

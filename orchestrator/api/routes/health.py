"""Does it live, can it answer, and how are its parts? For probes and for people."""

from __future__ import annotations

from fastapi import APIRouter, Response

from orchestrator.api.documents import ComponentState, ServiceHealth
from orchestrator.api.figures import age_seconds
from orchestrator.api.service import Service, ServiceOf

router = APIRouter(tags=["health"])


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
    return ComponentState(
        name="newer snapshots", is_well=not problem, detail=problem or "none is refused"
    )


def _decisions(service: Service) -> ComponentState:
    waiting = service.outbox.count_pending()
    problem = service.outbox.problem
    detail = f"{waiting} on their way" + (f": {problem}" if problem else "")
    return ComponentState(name="decisions", is_well=not problem, detail=detail)

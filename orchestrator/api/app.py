"""Puts the API together."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI

from orchestrator import __version__
from orchestrator.api.callers import LocalKey
from orchestrator.api.correlation import Correlation
from orchestrator.api.figures import add_figures, stop_figures
from orchestrator.api.guards import BodyLimit, SameData, SecureHeaders
from orchestrator.api.problems import ALWAYS, add_handlers, refusals
from orchestrator.api.reconciliation.open_access import OpenToOtherPages
from orchestrator.api.routes import (
    entities,
    health,
    interactions,
    lookup,
    operations,
    reconcile,
    reconcile_help,
    reconcile_keys,
    review,
)
from orchestrator.api.routes.reconcile_access import PREFIX as RECONCILE
from orchestrator.api.web.mount import add_pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from orchestrator.api.service import Service

PREFIX: Final = "/v1"
DESCRIPTION: Final = """
Which of our records are the same person, and the same company? Answers come from the newest
snapshot of what was published; each says of which run it is. Errors are problem documents
(RFC 9457), and `code` says which.
"""


def create_app(service: Service) -> FastAPI:
    """Return the API of a service, which is started and stopped with it."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        service.holder.start()
        service.outbox.start()
        try:
            yield
        finally:
            stop_figures(app)
            service.outbox.stop()
            service.holder.stop()

    app = FastAPI(
        title="Concord",
        version=__version__,
        description=DESCRIPTION,
        lifespan=life,
        # Their pages load scripts from elsewhere; the contract is enough.
        docs_url=None,
        redoc_url=None,
        # Behind a proxy that ends TLS it would lead to http, with the key in an address.
        redirect_slashes=False,
        openapi_url=f"{PREFIX}/openapi.json",
    )
    app.state.service = service
    add_handlers(app)
    # Without an issuer the pages are this machine's own; people elsewhere have to sign in first.
    tokens = getattr(service, "tokens", None)
    if isinstance(tokens, LocalKey) or (tokens and service.settings.serve.has_login):
        add_pages(app, PREFIX, RECONCILE)
    app.include_router(health.router)
    for module in (lookup, review, operations, interactions, reconcile_keys, entities):
        app.include_router(module.router, prefix=PREFIX, responses=refusals(*ALWAYS))
    # What has no key goes first: its words are no keys.
    both = (reconcile.endpoints, reconcile_help.endpoints)
    for router in (*(one.plain for one in both), reconcile_help.links):
        app.include_router(router)
    for one in both:
        app.include_router(one.with_key)
    app.add_middleware(SameData, service=service, prefix=PREFIX)
    app.add_middleware(BodyLimit)
    app.add_middleware(Correlation)
    app.add_middleware(SecureHeaders)
    app.add_middleware(OpenToOtherPages, prefix=RECONCILE)
    add_figures(app, service)
    return app

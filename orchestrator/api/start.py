"""Starts the service: what it needs, who may call, where it listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.api.app import create_app
from orchestrator.api.callers import IssuedTokens, LocalKey
from orchestrator.api.issuer_login import IssuerLogin
from orchestrator.api.outbox import OUTBOX_FOLDER, Outbox
from orchestrator.api.sent_first import SentFirst
from orchestrator.api.service import Service
from orchestrator.bigquery.connect import connect_running
from orchestrator.bigquery.secrets import read_secret
from orchestrator.errors import ConfigurationError
from orchestrator.forget.erase import column_kinds
from orchestrator.serving.holder import SnapshotHolder
from orchestrator.serving.place import SnapshotPlace
from orchestrator.settings.login import is_loopback

if TYPE_CHECKING:
    from uvicorn import Server

    from orchestrator.settings.values import Settings


def open_service(settings: Settings) -> Service:
    """Return a service that has not begun yet; refuse one that anybody could call."""
    serve = settings.serve
    if serve.issuer is None and not is_loopback(serve.host):
        raise ConfigurationError(
            f"{serve.host} can be reached from elsewhere, and nobody would have to sign in",
            "set CONCORD_SERVE_ISSUER and CONCORD_SERVE_AUDIENCE, or listen on 127.0.0.1",
        )
    tokens = LocalKey(settings) if serve.issuer is None else IssuedTokens(serve)
    outbox = SentFirst if settings.sends_first else Outbox
    return Service(
        settings=settings,
        holder=SnapshotHolder(SnapshotPlace(settings), serve.refresh_seconds),
        tokens=tokens,
        login=_login(settings, tokens) if isinstance(tokens, IssuedTokens) else None,
        kinds=column_kinds(settings.project_dir),
        outbox=outbox(settings.state_dir / OUTBOX_FOLDER, lambda: connect_running(settings)),
        connect=lambda: connect_running(settings),
    )


def _login(settings: Settings, tokens: IssuedTokens) -> IssuerLogin | None:
    serve = settings.serve
    if serve.client_id is None:
        return None
    secret = serve.client_secret
    read = read_secret(settings, secret.get_secret_value()) if secret else None
    return IssuerLogin(serve, tokens, read)


def make_server(service: Service) -> Server:
    """Return the server of a service; `run` lets it begin, and a signal ends it."""
    import uvicorn

    serve = service.settings.serve
    config = uvicorn.Config(
        create_app(service),
        host=serve.host,
        port=serve.port,
        # Our own lines say it, without addresses of people.
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    return uvicorn.Server(config)

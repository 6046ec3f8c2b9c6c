"""`concord serve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orchestrator.settings.values import Settings


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0: a free one.")
def serve(host: str | None, port: int | None) -> None:
    """Answer who is who over HTTP, from the newest snapshot (see `concord snapshot`).

    Without CONCORD_SERVE_ISSUER it listens on this machine only, and whoever can read its key may
    call it:

    \b
      concord snapshot
      concord serve
      curl -H "Authorization: Bearer $(cat .concord/serve.key)" \\
        -H "Content-Type: application/json" http://127.0.0.1:8080/v1/search -d '{"text": "ann lee"}'

    docs/use/api.md has every endpoint. A newer snapshot is taken while it runs.
    """
    import sys

    from orchestrator.logs import configure_logs
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.with_changes(serve=settings.serve.model_copy(update=given))
    configure_logs(settings, sys.stderr, is_terminal=sys.stderr.isatty())
    serve_until_stopped(settings)


def serve_until_stopped(settings: Settings) -> None:
    """Say how to get in, and answer until somebody stops it."""
    from orchestrator.errors import ConfigurationError

    try:
        from orchestrator.api import start
        from orchestrator.api.callers import LocalKey
        from orchestrator.api.only_one import only_service
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"{error.name} is not installed: the image of the nightly run does not serve",
            "install the packages of requirements/serve.in",
        ) from error
    with only_service(settings):
        service = start.open_service(settings)
        if isinstance(service.tokens, LocalKey):
            here = f"http://{settings.serve.host}:{settings.serve.port}"
            ticket = service.sessions.ticket(service.tokens.owner)
            click.echo(f"Open {here}/login?ticket={ticket} (works once, for ten minutes)")
            click.echo(f"The key for programs, and for further logins: {service.tokens.path}")
        click.echo(f"Listening on {settings.serve.host}:{settings.serve.port}; Ctrl-C ends it")
        start.make_server(service).run()

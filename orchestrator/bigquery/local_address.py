"""The address and token of a local warehouse that were set by hand, or put into a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from orchestrator.errors import ConfigurationError

if TYPE_CHECKING:
    from orchestrator.settings.values import Settings

PROBE_SECONDS: Final = 30.0


def token_of(settings: Settings) -> str:
    """Return the token for the address that is set: the one set with it, or the project's own."""
    from orchestrator.local_warehouse import process

    if settings.warehouse_token is not None:
        return settings.warehouse_token.get_secret_value()
    own = process.running_warehouse(settings.state_dir)
    return own.token if own is not None and own.url == settings.warehouse_url else ""


def names_project(settings: Settings) -> bool:
    """Say whether the token that is set belongs to this project's warehouse."""
    from orchestrator.local_warehouse.address import owner_mark, owner_of

    token = settings.warehouse_token.get_secret_value() if settings.warehouse_token else ""
    return owner_of(token) == owner_mark(settings.project_dir)


def check_owner(settings: Settings) -> None:
    """Refuse what a shell has from another checkout: its rows would be taken for this one's."""
    from orchestrator.local_warehouse.address import NOBODY, owner_of

    token = settings.warehouse_token.get_secret_value() if settings.warehouse_token else ""
    if owner_of(token) not in {"", NOBODY} and not names_project(settings):
        raise ConfigurationError(
            f"the warehouse at {settings.warehouse_url} belongs to another project",
            "unset CONCORD_WAREHOUSE_URL and CONCORD_WAREHOUSE_TOKEN in this shell",
        )


def answers(url: str) -> bool:
    """Say whether a local warehouse lives at an address."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"{url}/readyz", timeout=PROBE_SECONDS):
            return True
    except TimeoutError:
        return True  # It answers nothing in the middle of a query.
    except (URLError, OSError) as error:
        return isinstance(getattr(error, "reason", None), TimeoutError)

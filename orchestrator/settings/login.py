"""How settings of a login are written: addresses, and who has which role."""

from __future__ import annotations

import ipaddress
import json
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

ROLE_NAMES: Final = ("reader", "steward", "admin")
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
EXAMPLE: Final = '{"steward": ["ann@corp.example"]}'


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_safe_address(address: str) -> bool:
    """Say whether nobody can listen on the way: https, or this machine."""
    parts = urlsplit(address)
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def origin(address: str) -> str:
    """Return an address as a browser writes its origin; refuse one with a path or a login."""
    parts = urlsplit(address.strip())
    # Anything but a scheme, a host and a port.
    is_more = "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment
    if not parts.hostname or is_more or not address.isascii():
        raise ValueError("write it like https://concord.example, without a path")
    if not is_safe_address(address.strip()):
        raise ValueError("it has to begin with https://, unless it is this machine")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_usual = parts.port in (None, DEFAULT_PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{parts.port}")


def _members(value: object) -> object:
    if isinstance(value, str):
        try:
            value = json.loads(value or "{}")
        except ValueError as error:
            raise ValueError(f"it has to be JSON, like {EXAMPLE}") from error
    if not isinstance(value, dict) or not set(value) <= set(ROLE_NAMES):
        raise ValueError(f"its names have to be among {', '.join(ROLE_NAMES)}, like {EXAMPLE}")
    return {role: _names(names) for role, names in value.items()}


def _names(names: Any) -> tuple[str, ...]:  # noqa: ANN401 - of JSON
    # A text is a sequence too, of letters.
    is_list = isinstance(names, list | tuple)
    if not is_list or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f"each role has a list of names, like {EXAMPLE}")
    return tuple(name.strip() for name in names)


def _web_address(value: str) -> str:
    if not is_safe_address(value):
        raise ValueError("it has to begin with https://, unless it is this machine")
    return value


def _none_if_empty(value: object) -> object:
    return value or None


# Terraform passes what is not set as an empty text.
EmptyIsNone: Final = BeforeValidator(_none_if_empty)
PublicAddress = Annotated[str, AfterValidator(origin)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
# By role; each name is a subject, a verified e-mail address, or `group:` and a value of the claim.
RoleMembers = Annotated[dict[str, tuple[str, ...]], NoDecode, BeforeValidator(_members)]

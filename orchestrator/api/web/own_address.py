"""Where browsers find the pages: as it is set, or, on this machine, as they say themselves.

A proxy that ends TLS hands on plain http: what comes in does not say how the browser came.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from fastapi import Request

    from orchestrator.api.service import Service

# A browser takes a cookie of this name only if it is Secure, of no domain, and of all paths: no
# neighbour under the same domain can put one of its own in the place.
HOST_ONLY: Final = "__Host-"
# No dot, no scheme, no second slash at its start: it leads to nobody else.
OWN_PAGE: Final = re.compile(r"/[A-Za-z0-9_][A-Za-z0-9_/?&=-]*")
# It is kept while somebody signs in.
LONGEST_PAGE: Final = 300


def _public_url(request: Request) -> str | None:
    service: Service = request.app.state.service
    return service.settings.serve.public_url


def is_own_origin(request: Request, origin: str) -> bool:
    """Say whether an origin is that of our pages."""
    public = _public_url(request)
    if public is not None:
        return origin == public
    try:
        return urlsplit(origin).netloc == request.url.netloc
    except ValueError:
        # Such as a bracket that is not closed.
        return False


def is_secure(request: Request) -> bool:
    """Say whether the browser came by https."""
    return urlsplit(_public_url(request) or str(request.url)).scheme == "https"


def cookie_name(request: Request, name: str) -> str:
    """Return the name of a cookie, the strictest that the browser takes."""
    return f"{HOST_ONLY}{name}" if is_secure(request) else name


def own_page(text: str, otherwise: str = "/") -> str:
    """Return an address if it is of a page of ours, else another one."""
    is_own = len(text) <= LONGEST_PAGE and OWN_PAGE.fullmatch(text)
    return text if is_own else otherwise

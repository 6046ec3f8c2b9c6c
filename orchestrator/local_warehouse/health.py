"""Is the warehouse at an address alive? Asked in plain HTTP, without the BigQuery client."""

from __future__ import annotations

import enum
import urllib.error
import urllib.request


class Health(enum.StrEnum):
    """What one probe found. A server in the middle of a query answers nothing: that is busy."""

    READY = "ready"
    BUSY = "busy"
    DOWN = "down"


def probe(url: str, timeout: float) -> Health:
    """Ask `/readyz` once."""
    # Loopback only: a proxy from the environment must not be asked.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/readyz", timeout=timeout):
            return Health.READY
    except TimeoutError:
        return Health.BUSY
    except urllib.error.HTTPError:
        return Health.DOWN
    except urllib.error.URLError as error:
        return Health.BUSY if isinstance(error.reason, TimeoutError) else Health.DOWN
    except OSError:
        return Health.DOWN

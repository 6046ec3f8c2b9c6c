"""Who may come in, and what may be touched from inside.

Any page in a browser and any user of the machine can reach a port of it. So every request has to
name the token, which is in a file that only the owner can read, and DuckDB is shut into the
warehouse's own folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.local_warehouse.door import calls, folders, listener, requests

if TYPE_CHECKING:
    import socket

    from orchestrator.local_warehouse.door.folders import Folders


def apply_door(token: str, own_folders: Folders, listening: socket.socket) -> None:
    """Put every guard in place. Call it once, after the repairs, before a server is made."""
    listener.apply(listening)
    folders.apply(own_folders)
    calls.apply(token)
    # The last: it stands before all other middleware.
    requests.apply(token)

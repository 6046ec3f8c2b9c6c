"""Who decides where nobody says so."""

from __future__ import annotations

import getpass
import os


def current_user() -> str:
    """Return the name of the user, or the number of one without a name, as in a container."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}"

"""dbt loads this by its name, as a plugin, before it connects.

On the target `local` it looks whether this project's warehouse answers. Google's client would
repeat a refused connection for ten minutes without a word, and a shell in which another checkout's
address was put would show that one's rows.
"""

from __future__ import annotations

import os
import shlex
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from dbt.flags import get_flags
from dbt.plugins import dbtPlugin
from dbt_common.exceptions import DbtRuntimeError

from orchestrator.local_warehouse.address import NOBODY, owner_mark, owner_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROJECT_NAME: Final = "concord"
# dbt's names of its commands that ask the warehouse.
ASKING: Final = frozenset(
    {
        *("build", "clone", "compile", "freshness", "generate", "retry", "run", "run-operation"),
        *("seed", "show", "snapshot", "test"),
    }
)
# It is on the same machine. A server in the middle of a query accepts the connection too.
CONNECT_SECONDS: Final = 2.0


class LocalWarehouseFirst(dbtPlugin):  # type: ignore[misc]
    """Ends dbt at once, with the command to type, when it would wait or show others' rows."""

    def initialize(self) -> None:
        """Look, once in each invocation of dbt."""
        flags = get_flags()
        target = flags.TARGET or os.environ.get("CONCORD_TARGET", "local")
        if self.project_name != PROJECT_NAME or target != "local" or flags.WHICH not in ASKING:
            return
        trouble = find_trouble(os.environ, Path(flags.PROJECT_DIR), sys.argv)
        if trouble:
            raise DbtRuntimeError(trouble)


def find_trouble(variables: Mapping[str, str], project_dir: Path, arguments: Sequence[str]) -> str:
    """Say what is wrong with the warehouse that the variables lead to, and what to type.

    Empty when nothing is wrong.
    """
    url = variables.get("CONCORD_WAREHOUSE_URL", "")
    if not url:
        return (
            "dbt does not know where the local warehouse of this project is.\n"
            f"Type: {_command(arguments)}"
        )
    # A warehouse that was given by hand, or is private to one command, names no project.
    owner = owner_of(variables.get("CONCORD_WAREHOUSE_TOKEN", ""))
    if owner not in {"", NOBODY, owner_mark(project_dir)}:
        return (
            f"The warehouse at {url} belongs to another project, not to {project_dir.resolve()}.\n"
            "Type: unset CONCORD_WAREHOUSE_URL CONCORD_WAREHOUSE_TOKEN; " + _command(arguments)
        )
    if not _answers(url):
        return (
            f"The local warehouse does not run: nothing listens at {url}.\n"
            f"Type: {_command(arguments)}"
        )
    return ""


def _answers(url: str) -> bool:
    address = urlsplit(url)
    try:
        port = address.port or 80
        socket.create_connection((address.hostname or "", port), CONNECT_SECONDS).close()
    except (OSError, ValueError):
        return False
    return True


def _command(arguments: Sequence[str]) -> str:
    """Return the same command by way of `concord`, which starts the warehouse."""
    program, *rest = arguments
    if Path(program).name != "dbt":
        return "concord warehouse start"
    return f"concord dbt {shlex.join(rest)}"


plugins = (LocalWarehouseFirst,)

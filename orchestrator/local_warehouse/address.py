"""Where a project's warehouse listens, and the token that opens it: the same after a restart."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.local_warehouse.private_files import write_private

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS_FILE: Final = "warehouse_address.json"
# Below the ports that the system hands out on its own, so that nobody gets it by chance.
FIRST_PORT: Final = 20_000
PORTS: Final = 10_000
# The owner in the token of a private warehouse.
NOBODY: Final = "private"


@dataclass(frozen=True)
class Address:
    """A port and a token. Port 0: any free one."""

    port: int
    token: str = field(repr=False)


def private_address() -> Address:
    """Return the address of a warehouse that ends with its owner and belongs to no project."""
    return Address(0, _new_token(NOBODY))


def project_address(file: Path, project_dir: Path) -> Address:
    """Return the address kept in the file; make one when it has none of this project.

    A file that came with a copy of a project's folder belongs to the other project.
    """
    kept = read_address(file)
    if kept is not None and owner_of(kept.token) == owner_mark(project_dir):
        return kept
    new = Address(usual_port(project_dir), _new_token(owner_mark(project_dir)))
    keep_address(file, new)
    return new


def read_address(file: Path) -> Address | None:
    """Return the address in the file, or None when there is none."""
    try:
        return Address(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def keep_address(file: Path, address: Address) -> None:
    """Write the file, which only its owner can read."""
    write_private(file, json.dumps(asdict(address), indent=2) + "\n")


def usual_port(project_dir: Path) -> int:
    """Return the port that a project asks for first: projects seldom meet on one."""
    return FIRST_PORT + int(_digest(project_dir), 16) % PORTS


def owner_mark(project_dir: Path) -> str:
    """Return what the token of a project's warehouse ends with."""
    return _digest(project_dir)[:12]


def owner_of(token: str) -> str:
    """Return the mark of the project that a token belongs to; empty when it has none."""
    return token.rpartition(".")[2] if "." in token else ""


def _new_token(owner: str) -> str:
    return f"{secrets.token_urlsafe(32)}.{owner}"


def _digest(project_dir: Path) -> str:
    return hashlib.sha256(str(project_dir.resolve()).encode()).hexdigest()

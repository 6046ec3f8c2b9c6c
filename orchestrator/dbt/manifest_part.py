"""The part of what dbt parsed that one command needs, kept in a file of its own.

A whole project has a thousand tests and documents; dbt reads them, links them and writes them out
again in each command, also where none of them is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

# What no model needs to be built.
_LEFT_OUT: Final = ("unit_tests", "exposures", "docs", "files", "disabled")


def write_part(parsed: Path, unique_ids: Collection[str], file: Path) -> None:
    """Write the nodes with these ids, and all sources and macros, out of what dbt parsed."""
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(parsed.read_bytes())
    for name in manifest.nodes.keys() - set(unique_ids):
        del manifest.nodes[name]
    for part in _LEFT_OUT:
        getattr(manifest, part).clear()
    file.write_bytes(manifest.to_msgpack())


def read_part(file: Path) -> Any:  # noqa: ANN401 - dbt is imported late
    """Return it as the manifest that dbt takes."""
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(file.read_bytes())
    # Macros look models up in it.
    manifest.build_flat_graph()
    return manifest

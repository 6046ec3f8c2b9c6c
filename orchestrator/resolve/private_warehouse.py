"""The warehouse of one call, in which nothing but its files is.

A local one begins as a copy of one in which an empty file has been resolved.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from orchestrator.bigquery.connect import connect, private_local_warehouse
from orchestrator.dbt.artifacts import read_manifest
from orchestrator.dbt.loading import load_dbt
from orchestrator.dbt.manifest_part import write_part
from orchestrator.dbt.parse_cache import ParseCache
from orchestrator.mapping.mapping import TABLE_OF_ENTITY
from orchestrator.models.used import TRAIN
from orchestrator.reading.file_kind import dataset_part
from orchestrator.resolve.matching_build import WantedModels, build_all, ensure_read_tables
from orchestrator.resolve.prepared import (
    CHANGING_FILE,
    MANIFEST_FILE,
    WAREHOUSE_FILE,
    Prepared,
    PreparedFolder,
    changing_models,
    needing_models,
)
from orchestrator.resolve.project_state import project_state
from orchestrator.sources.own_tables import DECISIONS, ENTITY_LEDGER
from orchestrator.sources.source_schemas import OWN_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.runner import DbtResult
    from orchestrator.resolve.request import ResolveRequest
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock


@contextmanager
def opened_warehouse(
    settings: Settings, request: ResolveRequest, work: Path, clock: StepClock
) -> Iterator[tuple[Connection, Prepared | None]]:
    """Open a warehouse in which nothing but these files will be."""
    said = (file.mapping.phone_region for file in request.files)
    region = next(filter(None, said), settings.default_phone_region)
    changes = {"sources": ("files",), "model": TRAIN, "default_phone_region": region}
    if not settings.is_local:
        name = f"resolve_{dataset_part(request.files[0].path)}"
        place = {"dataset": name, "raw_prefix": f"{name}_", "ops_prefix": ""}
        cloud = connect(settings.with_changes(**changes, **place))
        ensure_read_tables(cloud)
        yield cloud, None
        return
    private = _private_warehouse(
        settings.with_changes(**changes, raw_prefix=""),
        request.entity,
        work,
        request.memory_limit,
        clock,
        keeps_data=request.keep_warehouse is not None,
    )
    with private as opened:
        yield opened


@contextmanager
def _private_warehouse(
    settings: Settings,
    entity: str,
    work: Path,
    memory_limit: str,
    clock: StepClock,
    *,
    keeps_data: bool,
) -> Iterator[tuple[Connection, Prepared]]:
    """Run a warehouse that lacks nothing but the rows of a file of this entity."""
    prepared = _prepared(settings, entity, work, memory_limit, clock)
    data_dir = work / "warehouse"
    with ExitStack() as stack:
        with clock.step("start"), ThreadPoolExecutor(max_workers=1) as pool:
            prepared.move_warehouse(data_dir)
            private = private_local_warehouse(
                settings,
                data_dir,
                memory_limit,
                keeps_data=keeps_data,
                exports_dir=work / "scratch",
            )
            # Either takes seconds, and neither needs the other.
            starting = pool.submit(stack.enter_context, private)
            load_dbt()
            connection = starting.result()
        yield connection, prepared


def _prepared(
    settings: Settings, entity: str, work: Path, memory_limit: str, clock: StepClock
) -> Prepared:
    state = project_state(settings, entity)
    folder = PreparedFolder(settings.state_dir)
    place = work / "prepared"
    found = folder.take(state, place)
    if found is not None:
        return found
    with clock.step("prepare"):
        with private_local_warehouse(settings, place, memory_limit) as connection:
            ensure_read_tables(connection)
            built = build_all(connection.settings, entity, place / "dbt", clock, WantedModels())
        _describe(settings, entity, built, place)
        prepared = Prepared(place)
        folder.keep(prepared, state)
    return prepared


def _describe(settings: Settings, entity: str, built: DbtResult, place: Path) -> None:
    """Write what dbt has to know beside the warehouse, and leave nothing else there."""
    manifest = read_manifest(built.target_path)
    unique_ids = frozenset(node.unique_id for node in built.nodes or ())
    made = unique_ids & manifest.keys()
    # Rows of the last result come into the ledger, and answers to its questions into decisions.
    own = (f"{OWN_SOURCE}.{name}" for name in (ENTITY_LEDGER, DECISIONS))
    ends = tuple(f".{name}" for name in (TABLE_OF_ENTITY[entity], *own))
    sources = {key for key in manifest if key.startswith("source.") and key.endswith(ends)}
    needed = needing_models(manifest, made, WantedModels().models(entity))
    changing = {name: needed[name] for name in changing_models(manifest, made, sources, entity)}
    for entry in place.iterdir():
        if entry.name != WAREHOUSE_FILE:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    (place / CHANGING_FILE).write_text(json.dumps(changing), encoding="utf-8")
    write_part(ParseCache(settings).path, unique_ids, place / MANIFEST_FILE)

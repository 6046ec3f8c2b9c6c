"""`concord resolve`: one file through the same models as everything else."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.connect import connect
from orchestrator.bigquery.upload import upload_ndjson
from orchestrator.errors import RunFailed
from orchestrator.models.used import TRAIN
from orchestrator.reading.file_kind import dataset_part
from orchestrator.report.timings import group_timings
from orchestrator.resolve.mapped_file import FileFacts, MappedFile, open_mapped_file
from orchestrator.resolve.mapping import Mapping, read_mapping
from orchestrator.resolve.match_export import ResultSize, export_matches
from orchestrator.resolve.matching_build import build_all, build_rest, ensure_read_tables
from orchestrator.resolve.plausibility import find_doubts
from orchestrator.resolve.private_warehouse import open_private_warehouse
from orchestrator.resolve.result_folder import REPORT_FILE, check_output, put_in_place, work_folder
from orchestrator.sources.source_schemas import RawTable, raw_table, read_raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.reading.file_options import FileOptions
    from orchestrator.report.model import Timing
    from orchestrator.resolve.prepared import Prepared
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock

DEFAULT_MEMORY_LIMIT: Final = "4GB"


@dataclass(frozen=True, slots=True)
class ResolveRequest:
    """What the user asked for."""

    file: Path
    mapping: Path
    output: Path
    options: FileOptions
    keep_warehouse: Path | None = None
    memory_limit: str = DEFAULT_MEMORY_LIMIT
    with_report: bool = False


@dataclass(frozen=True, slots=True)
class ResolveSummary:
    """What came out."""

    entity: str
    records: int
    pairs_compared: int
    clusters: int
    largest_cluster: int
    expected_precision: float | None
    expected_precision_lower: float | None
    expected_precision_upper: float | None
    expected_recall: float | None
    expected_recall_lower: float | None
    expected_recall_upper: float | None
    skipped_rows: int
    dropped_cells: int
    blank_lines: int
    trimmed_ids: int
    # Reasons to look at the result before it is used.
    doubts: tuple[str, ...]
    seconds: dict[str, float]


def resolve_file(settings: Settings, request: ResolveRequest, clock: StepClock) -> ResolveSummary:
    """Resolve one file and write the result folder."""
    output = check_output(request.output)
    mapping = read_mapping(request.mapping)
    table = raw_table(read_raw_tables(settings.project_dir), mapping.table_name)
    with work_folder(request.keep_warehouse) as work, ExitStack() as reading:
        scratch = work / "scratch"
        scratch.mkdir()
        with clock.step("read"):
            opened = open_mapped_file(request.file, mapping, table, request.options, scratch)
            file = reading.enter_context(opened)
        opening = _opened_warehouse(settings, request, mapping.entity, work, clock)
        with opening as (connection, prepared):
            with clock.step("load"):
                _load(connection, file, mapping, table, scratch)
                reading.close()
            with clock.step("match"):
                build = build_all if prepared is None else partial(build_rest, prepared)
                built = build(
                    connection.settings,
                    mapping.entity,
                    work / "dbt",
                    clock,
                    with_report=request.with_report,
                )
                groups = group_timings(built.nodes or (), connection.settings.dataset)
            with clock.step("export"):
                prefix = f"files:{table.name}:"
                figures = export_matches(connection, mapping.entity, prefix, scratch)
                doubts = find_doubts(connection, mapping.entity, figures)
            _check_complete(file.facts, figures)
            if request.with_report:
                with clock.step("report"):
                    _report(connection, file.facts.file_name, groups, scratch)
        summary = _summary(mapping, file.facts, figures, doubts, clock)
        put_in_place(scratch, output, asdict(summary))
    return summary


def _load(
    connection: Connection, file: MappedFile, mapping: Mapping, table: RawTable, scratch: Path
) -> None:
    table_id = connection.table_id(connection.settings.raw_dataset(table.source), table.name)
    loaded_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    for number, chunk in enumerate(file.write_chunks(mapping, scratch, loaded_at)):
        upload_ndjson(connection, chunk, table_id, table.schema(), replace=number == 0)


def _report(connection: Connection, name: str, groups: tuple[Timing, ...], folder: Path) -> None:
    # Drawing takes a second to import, so only those who ask for a report pay for it.
    from orchestrator.report.collect import ReportRequest, collect
    from orchestrator.report.render import write_report

    request = ReportRequest(f"Concord: {name}", datetime.now(UTC), groups)
    write_report(collect(connection, request), folder / REPORT_FILE)


@contextmanager
def _opened_warehouse(
    settings: Settings, request: ResolveRequest, entity: str, work: Path, clock: StepClock
) -> Iterator[tuple[Connection, Prepared | None]]:
    """Open a warehouse in which nothing but this file will be."""
    if not settings.is_local:
        name = f"resolve_{dataset_part(request.file)}"
        place = {"dataset": name, "raw_prefix": f"{name}_"}
        cloud = connect(settings.with_changes(sources=("files",), model=TRAIN, **place))
        ensure_read_tables(cloud)
        yield cloud, None
        return
    alone = settings.with_changes(sources=("files",), raw_prefix="", model=TRAIN)
    private = open_private_warehouse(
        alone,
        entity,
        work,
        request.memory_limit,
        clock,
        keeps_data=request.keep_warehouse is not None,
    )
    with private as opened:
        yield opened


def _check_complete(facts: FileFacts, figures: ResultSize) -> None:
    if facts.row_count != figures.clustered_records:
        raise RunFailed(
            f"{facts.row_count} records went in, {figures.clustered_records} came out in clusters",
            "run again with --keep-warehouse FOLDER and look at stg_quarantine there",
        )


def _summary(
    mapping: Mapping,
    facts: FileFacts,
    figures: ResultSize,
    doubts: tuple[str, ...],
    clock: StepClock,
) -> ResolveSummary:
    return ResolveSummary(
        entity=mapping.entity,
        records=facts.row_count,
        pairs_compared=figures.pairs,
        clusters=figures.clusters,
        largest_cluster=figures.largest_cluster,
        expected_precision=figures.expected.precision,
        expected_precision_lower=figures.expected.precision_lower,
        expected_precision_upper=figures.expected.precision_upper,
        expected_recall=figures.expected.recall,
        expected_recall_lower=figures.expected.recall_lower,
        expected_recall_upper=figures.expected.recall_upper,
        skipped_rows=facts.skipped_rows,
        dropped_cells=facts.dropped_cells,
        blank_lines=facts.blank_lines,
        trimmed_ids=facts.trimmed_ids,
        doubts=doubts,
        seconds={name: round(value, 2) for name, value in clock.seconds.items()},
    )

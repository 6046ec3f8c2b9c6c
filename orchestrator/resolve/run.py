"""`concord resolve`: one file through the same models as everything else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.connect import connect, private_local_warehouse
from orchestrator.bigquery.upload import upload_ndjson
from orchestrator.dbt.runner import DbtRunner, failed_nodes_text, load_dbt
from orchestrator.errors import Interrupted, RunFailed
from orchestrator.models.used import TRAIN
from orchestrator.reading.file_kind import dataset_part
from orchestrator.report.timings import group_timings
from orchestrator.resolve.mapped_file import FileFacts, MappedFile, open_mapped_file
from orchestrator.resolve.mapping import Mapping, read_mapping
from orchestrator.resolve.match_export import ResultSize, export_matches
from orchestrator.resolve.plausibility import find_doubts
from orchestrator.resolve.result_folder import REPORT_FILE, check_output, put_in_place, work_folder
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import RawTable, raw_table, read_raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.reading.file_options import FileOptions
    from orchestrator.report.model import Timing
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
        with _opened_warehouse(settings, request, work, clock) as connection:
            with clock.step("load"):
                _load(connection, file, mapping, table, scratch)
                reading.close()
            with clock.step("match"):
                groups = _build(connection, request, mapping.entity, work / "dbt", clock)
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
    tables = read_raw_tables(connection.settings.project_dir).values()
    ensure_raw_tables(connection, [entry for entry in tables if entry.source == table.source])
    ensure_own_tables(connection)
    table_id = connection.table_id(connection.settings.raw_dataset(table.source), table.name)
    loaded_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    for number, chunk in enumerate(file.write_chunks(mapping, scratch, loaded_at)):
        upload_ndjson(connection, chunk, table_id, table.schema(), replace=number == 0)


def _build(
    connection: Connection,
    request: ResolveRequest,
    entity: str,
    attempts_dir: Path,
    clock: StepClock,
) -> tuple[Timing, ...]:
    runner = DbtRunner(connection.settings, attempts_dir, clock.on_node)
    reported = (f"int_{entity}_blocking_yield",) if request.with_report else ()
    result = runner.invoke(
        "build",
        # The expected quality needs all the models whose tables are exported.
        *("--select", f"+int_{entity}_expected_quality", *reported),
        *(f"int_{entity}_cluster_values", f"int_{entity}_repeated_values"),
        *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
    )
    if result.is_interrupted:
        raise Interrupted("interrupted while dbt was running", "run the command again")
    if not result.is_success:
        raise RunFailed(
            f"the matching models failed\n{failed_nodes_text(result)}",
            "run again with --keep-warehouse FOLDER and look at the tables and dbt's log there",
        )
    if not result.nodes:
        raise RunFailed("dbt found no model to run", "check that the models folder is complete")
    return group_timings(result.nodes, connection.settings.dataset)


def _report(connection: Connection, name: str, groups: tuple[Timing, ...], folder: Path) -> None:
    # Drawing takes a second to import, so only those who ask for a report pay for it.
    from orchestrator.report.collect import ReportRequest, collect
    from orchestrator.report.render import write_report

    request = ReportRequest(f"Concord: {name}", datetime.now(UTC), groups)
    write_report(collect(connection, request), folder / REPORT_FILE)


@contextmanager
def _opened_warehouse(
    settings: Settings, request: ResolveRequest, work: Path, clock: StepClock
) -> Iterator[Connection]:
    """Open a warehouse in which nothing but this file will be."""
    if not settings.is_local:
        name = f"resolve_{dataset_part(request.file)}"
        place = {"dataset": name, "raw_prefix": f"{name}_"}
        yield connect(settings.with_changes(sources=("files",), model=TRAIN, **place))
        return
    alone = settings.with_changes(sources=("files",), raw_prefix="", model=TRAIN)
    with ExitStack() as stack:
        with clock.step("start"), ThreadPoolExecutor(max_workers=1) as pool:
            private = private_local_warehouse(
                alone,
                work / "warehouse",
                request.memory_limit,
                keeps_data=request.keep_warehouse is not None,
                exports_dir=work / "scratch",
            )
            # Either takes seconds, and neither needs the other.
            starting = pool.submit(stack.enter_context, private)
            load_dbt()
            connection = starting.result()
        yield connection


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

"""`concord resolve`: files through the same models as everything else."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from orchestrator.bigquery.upload import upload_ndjson
from orchestrator.errors import RunFailed
from orchestrator.mapping.mapped_file import MappedFiles, open_mapped_files
from orchestrator.mapping.mapping import TABLE_OF_ENTITY
from orchestrator.report.timings import group_timings
from orchestrator.resolve.companies import (
    check_companies,
    company_hints,
    company_request,
    take_companies,
)
from orchestrator.resolve.evidence import evidence_hints, filled_shares
from orchestrator.resolve.history import History
from orchestrator.resolve.match_export import ResultSize, export_matches
from orchestrator.resolve.matching_build import (
    WantedModels,
    build_all,
    build_rest,
)
from orchestrator.resolve.output.write import Counted, check_tables, write_output
from orchestrator.resolve.plausibility import find_doubts
from orchestrator.resolve.private_warehouse import opened_warehouse
from orchestrator.resolve.request import ResolveRequest, ResolveSummary
from orchestrator.resolve.result_folder import (
    MAPPING_FILE,
    REPORT_FILE,
    check_output,
    put_in_place,
    work_folder,
)
from orchestrator.sources.source_schemas import raw_table, read_raw_tables

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.report.model import Timing
    from orchestrator.resolve.prepared import Prepared
    from orchestrator.settings.values import Settings
    from orchestrator.steps import StepClock


def resolve_files(settings: Settings, request: ResolveRequest, clock: StepClock) -> ResolveSummary:
    """Resolve files and write the result folder."""
    output = check_output(request.output, may_replace=request.may_replace)
    if request.with_companies:
        check_companies(request)
    history = History(request, datetime.now(UTC))
    table = raw_table(read_raw_tables(settings.project_dir), TABLE_OF_ENTITY[request.entity])
    keeps_columns = bool(request.formats)
    with work_folder(request.keep_warehouse) as work, ExitStack() as reading:
        scratch = work / "scratch"
        scratch.mkdir()
        with clock.step("read"):
            opened = open_mapped_files(history.files, table, scratch, keeps_columns=keeps_columns)
            files = reading.enter_context(opened)
            if request.formats:
                check_tables(request.formats_for(files.row_count), files)
                history.number(files, scratch)
            shares = filled_shares(files.connection, request.entity)
            history.read_answers(files)
        companies = _companies(settings, request, files, scratch, clock)
        with opened_warehouse(settings, request, work, clock) as (connection, prepared):
            with clock.step("load"):
                _load(connection, files, scratch)
                history.load(connection, scratch)
                reading.close()
            with clock.step("match"):
                timings = _build(connection, prepared, request, work / "dbt", clock)
            with clock.step("export"):
                prefix = f"files:{table.name}:"
                figures = export_matches(
                    connection,
                    request.entity,
                    prefix,
                    scratch,
                    with_sources=len(request.files) > 1,
                )
                doubts = find_doubts(connection, request.entity, figures)
            _check_complete(files, figures)
            counted = Counted()
            if request.formats:
                with clock.step("files"):
                    counted = write_output(connection, request, files, history, scratch)
            if request.with_report:
                with clock.step("report"):
                    _report(connection, request.title, timings, scratch)
        if request.mapping_text is not None:
            (scratch / MAPPING_FILE).write_text(request.mapping_text, encoding="utf-8")
        hints = (*evidence_hints(shares), *company_hints(request, companies))
        words = (doubts, hints)
        summary = _summary(request, files, figures, words, counted, clock)
        summary = replace(summary, companies=companies)
        put_in_place(scratch, output, asdict(summary))
    return summary


def _companies(
    settings: Settings, request: ResolveRequest, files: MappedFiles, scratch: Path, clock: StepClock
) -> ResolveSummary | None:
    """Resolve the companies that people's records name; None where none is, or nobody asks."""
    asked = company_request(request, files, scratch) if request.with_companies else None
    if asked is None:
        return None
    found = resolve_files(settings, asked, clock.of_part("companies"))
    clock.seconds["companies"] = sum(found.seconds.values())
    take_companies(scratch, request.formats)
    return found


def _load(connection: Connection, files: MappedFiles, scratch: Path) -> None:
    table = files.table
    table_id = connection.table_id(connection.settings.raw_dataset(table.source), table.name)
    loaded_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    for number, chunk in enumerate(files.write_chunks(scratch, loaded_at)):
        upload_ndjson(connection, chunk, table_id, table.schema(), replace=number == 0)


def _build(
    connection: Connection,
    prepared: Prepared | None,
    request: ResolveRequest,
    attempts_dir: Path,
    clock: StepClock,
) -> tuple[Timing, ...]:
    build = build_all if prepared is None else partial(build_rest, prepared)
    wanted = WantedModels(report=request.with_report, tables=bool(request.formats))
    built = build(connection.settings, request.entity, attempts_dir, clock, wanted)
    return group_timings(built.nodes or (), connection.settings.dataset)


def _report(connection: Connection, name: str, groups: tuple[Timing, ...], folder: Path) -> None:
    # Drawing takes a second to import, so only those who ask for a report pay for it.
    from orchestrator.report.collect import ReportRequest, collect
    from orchestrator.report.render import write_report

    request = ReportRequest(f"Concord: {name}", datetime.now(UTC), groups)
    write_report(collect(connection, request), folder / REPORT_FILE)


def _check_complete(files: MappedFiles, figures: ResultSize) -> None:
    if files.row_count != figures.clustered_records:
        raise RunFailed(
            f"{files.row_count} records went in, {figures.clustered_records} came out in clusters",
            "run again with --keep-warehouse FOLDER and look at stg_quarantine there",
        )


def _summary(
    request: ResolveRequest,
    files: MappedFiles,
    figures: ResultSize,
    words: tuple[tuple[str, ...], tuple[str, ...]],
    counted: Counted,
    clock: StepClock,
) -> ResolveSummary:
    return ResolveSummary(
        entity=request.entity,
        records=files.row_count,
        pairs_compared=figures.pairs,
        clusters=figures.clusters,
        largest_cluster=figures.largest_cluster,
        expected_precision=figures.expected.precision,
        expected_precision_lower=figures.expected.precision_lower,
        expected_precision_upper=figures.expected.precision_upper,
        expected_recall=figures.expected.recall,
        expected_recall_lower=figures.expected.recall_lower,
        expected_recall_upper=figures.expected.recall_upper,
        skipped_rows=sum(one.skipped_rows for one in files.files),
        dropped_cells=sum(one.dropped_cells for one in files.files),
        blank_lines=sum(one.blank_lines for one in files.files),
        trimmed_ids=sum(one.trimmed_ids for one in files.files),
        doubts=words[0],
        hints=words[1],
        sources=files.sources,
        questions=counted.questions,
        changes=counted.changes,
        seconds={name: round(value, 2) for name, value in clock.seconds.items()},
    )

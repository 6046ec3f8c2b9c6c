"""`concord resolve`."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.reading.file_options import FileOptions
    from orchestrator.resolve.inputs import Reading

FILE: Final = click.Path(path_type=Path)
FOLDER: Final = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@click.option("--map", "maps", multiple=True, type=FILE, help="Mapping of the columns (YAML).")
@click.option("--yes", is_flag=True, help="Without --map: take the proposed mapping unasked.")
@click.option("--out", type=FOLDER, help="Folder of the result. Else: FILE's name and -resolved.")
@click.option("--force", is_flag=True, help="Replace an earlier result in that folder.")
@click.option("--previous", type=FOLDER, help="Result of an earlier file, whose ids are kept.")
@click.option("--decisions", type=FILE, help="review.csv or .xlsx with its decisions filled in.")
@click.option("--companies", is_flag=True, help="Of people: find the companies they name, too.")
@click.option("--company-decisions", type=FILE, help="review.csv or .xlsx of the companies.")
@click.option("--format", "formats", help="Some of csv,xlsx,parquet, or none. Else: all of them.")
@click.option("--sheet", help="Sheet of a workbook; not needed where only one holds something.")
@click.option("--encoding", help="Of a text file. Else: utf-8, and without --map what fits.")
@click.option("--delimiter", help="Column separator; found in the header when not given.")
@click.option("--skip-bad-rows", is_flag=True, help="Leave unreadable rows out, and count them.")
@click.option("--keep-warehouse", type=FOLDER, help="New folder that keeps the warehouse.")
@click.option("--memory-limit", help="Memory of the private warehouse, for example 4GB.")
@click.option("--report/--no-report", "with_report", default=True, help="Write report.html.")
@json_option
def resolve(
    files: tuple[Path, ...],
    maps: tuple[Path, ...],
    yes: bool,  # noqa: FBT001 - click passes it by name
    out: Path | None,
    force: bool,  # noqa: FBT001
    previous: Path | None,
    decisions: Path | None,
    companies: bool,  # noqa: FBT001
    company_decisions: Path | None,
    formats: str | None,
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
    skip_bad_rows: bool,  # noqa: FBT001
    keep_warehouse: Path | None,
    memory_limit: str | None,
    with_report: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """Find who is who in FILES of people or companies: CSV, Excel, JSON, Parquet, or `-`.

    Without --map the columns are found by their names and values (see `concord init`). Several
    files are resolved together, each as a source of its own.

    The folder of --out gets records (every column of the file, who it is and why), golden (one
    row per person or company), review (what somebody should look at, to be filled in and given
    back with --decisions), and a report.

    \b
    concord resolve customers.csv
    concord resolve december.csv --previous customers-resolved --decisions review.csv
    """
    from orchestrator.commands.progress import TerminalReporter
    from orchestrator.reading.file_options import DEFAULT_ENCODING, FileOptions
    from orchestrator.resolve.companies import names_companies
    from orchestrator.resolve.inputs import files_on_disk, paired
    from orchestrator.resolve.request import DEFAULT_MEMORY_LIMIT, ResolveRequest
    from orchestrator.resolve.result_folder import check_output, written_files
    from orchestrator.resolve.result_text import result_text
    from orchestrator.resolve.run import resolve_files
    from orchestrator.settings.values import load_settings
    from orchestrator.steps import StepClock

    wanted = _formats(formats)
    options = FileOptions(encoding or DEFAULT_ENCODING, delimiter, skip_bad_rows, sheet=sheet)
    output = out or Path(f"{_stem(files[0])}-resolved")
    # Before anybody is asked anything.
    check_output(output, may_replace=force or previous == output)
    with files_on_disk(files) as paths:
        given = _given_mappings(maps, previous)
        readings = _readings(given, paths, options, is_agreed=yes)
        request = ResolveRequest(
            files=paired(paths, readings, fits_encoding=not (maps or encoding)),
            output=output,
            formats=wanted,
            are_usual_formats=formats is None,
            previous=previous,
            answers=decisions,
            with_companies=companies or company_decisions is not None,
            company_answers=company_decisions,
            keep_warehouse=keep_warehouse,
            memory_limit=memory_limit or DEFAULT_MEMORY_LIMIT,
            with_report=with_report,
            mapping_text=readings[0].text if len(readings) == 1 else None,
            replaces_result=force,
        )
        if _had_companies(previous) and names_companies(request):
            request = replace(request, with_companies=True)
        summary = resolve_files(load_settings(), request, StepClock(TerminalReporter()))
    if as_json:
        print_json(asdict(summary) | {"output": output})
    else:
        click.echo(result_text(summary, output, written_files(output)))


def _stem(path: Path) -> str:
    from orchestrator.reading.file_kind import file_stem

    return "stdin" if str(path) == "-" else file_stem(path)


def _formats(text: str | None) -> tuple[str, ...]:
    from orchestrator.errors import InputError, did_you_mean
    from orchestrator.resolve.output.write_files import FORMATS

    if text is None:
        return FORMATS
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    if names == ["none"]:
        return ()
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        hint = did_you_mean(unknown[0], FORMATS) if unknown else ""
        raise InputError(
            f"--format '{text}' is unknown{hint}",
            f"give some of {', '.join(FORMATS)}, separated by commas, or none",
        )
    return tuple(name for name in FORMATS if name in names)


def _given_mappings(maps: Sequence[Path], previous: Path | None) -> Sequence[Path]:
    """Return the mappings that were given, or the one of the previous result."""
    from orchestrator.resolve.result_folder import MAPPING_FILE

    if not maps and previous is not None and (previous / MAPPING_FILE).is_file():
        return (previous / MAPPING_FILE,)
    return maps


def _had_companies(previous: Path | None) -> bool:
    """Say whether the previous result has companies, whose ids go on too."""
    from orchestrator.resolve.request import COMPANIES_FOLDER

    return previous is not None and (previous / COMPANIES_FOLDER).is_dir()


def _readings(
    maps: Sequence[Path], paths: Sequence[Path], options: FileOptions, *, is_agreed: bool
) -> list[Reading]:
    """Return how the files are read: by mappings, or by what is proposed for each of them."""
    from orchestrator.resolve.inputs import by_mapping, by_proposal

    if maps:
        return [by_mapping(path, options) for path in maps]
    from orchestrator.commands.init import agreed_proposal

    return [by_proposal(agreed_proposal(path, options, is_agreed=is_agreed)) for path in paths]

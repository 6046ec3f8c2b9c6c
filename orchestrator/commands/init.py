"""`concord init`."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.command_line.as_json import json_option, print_json

if TYPE_CHECKING:
    from orchestrator.proposal.propose import Proposal
    from orchestrator.reading.file_options import FileOptions

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--out", "output", type=FILE, default=Path("mapping.yml"), show_default=True, help="Mapping."
)
@click.option("--encoding", default="utf-8", show_default=True, help="Encoding of a text file.")
@click.option("--sheet", help="Sheet of a workbook, where several hold something.")
@click.option("--delimiter", help="Column separator; found in the header when not given.")
@click.option("--force", is_flag=True, help="Replace a mapping that is there.")
@json_option
def init(
    file: Path,
    output: Path,
    encoding: str,
    sheet: str | None,
    delimiter: str | None,
    force: bool,  # noqa: FBT001 - click passes it by name
    as_json: bool,  # noqa: FBT001
) -> None:
    """Propose a mapping for one FILE, to be looked at and used with `concord resolve`.

    It looks at the names of the columns and at the values of the first 2,000 rows, and writes a
    mapping with a comment for each column: why, how sure, and three values masked.
    """
    from orchestrator.proposal.propose import propose_mapping
    from orchestrator.proposal.write_mapping import write_new
    from orchestrator.reading.file_options import FileOptions

    proposal = propose_mapping(file, FileOptions(encoding, delimiter, sheet=sheet))
    write_new(output, proposal.text, replace=force)
    if as_json:
        print_json(proposal_document(proposal) | {"output": output})
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        click.echo(proposal_text(proposal, width))
        click.echo(f"\nWritten to {output}. Look at it, then:")
        click.echo(f"  {_next_step(file, output, proposal)}")


def proposal_document(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal for programs."""
    return {
        "entity": proposal.entity,
        "rows_read": proposal.rows_read,
        "encoding": proposal.options.encoding,
        "delimiter": proposal.options.delimiter,
        "phone_region": proposal.phone_region,
        "date_order": proposal.date_order,
        "columns": proposal.columns,
        "doubts": proposal.doubts,
    }


def proposal_text(proposal: Proposal, width: int | None) -> str:
    """Put a proposal in a table; `width` is that of the terminal, None where there is none."""
    from orchestrator.command_line.rows import Row, row_lines

    rows = [
        Row(
            {
                "column": column.name or "(no name)",
                "becomes": column.target or "-",
                "how sure": column.confidence,
                "examples, masked": ", ".join(column.examples),
            },
            column.reason,
        )
        for column in proposal.columns
    ]
    what = "people" if proposal.entity == "person" else "companies"
    read = f"{proposal.rows_read:,} {'row' if proposal.rows_read == 1 else 'rows'}"
    lines = [f"A list of {what}, by {read} of it.", ""]
    lines += row_lines(rows, frozenset(), width)
    lines += [f"Doubtful: {doubt}" for doubt in proposal.doubts]
    return "\n".join(lines)


def agreed_proposal(path: Path, options: FileOptions, *, is_agreed: bool) -> Proposal:
    """Propose a mapping and show it; without a word beforehand, ask whether to go on with it."""
    from orchestrator.command_line.confirmed import is_confirmed
    from orchestrator.errors import MappingError
    from orchestrator.proposal.propose import propose_mapping

    proposal = propose_mapping(path, options)
    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else None
    click.echo(f"{proposal_text(proposal, width)}\n", err=True)
    instead = "pass --yes to take the proposed mapping, or give one with --map"
    if not is_agreed and not is_confirmed("Go on with these columns?", instead):
        raise MappingError(
            "nothing was done",
            f"write the mapping with `concord init {shlex.quote(str(path))}`, correct it, and give "
            "it to --map",
        )
    return proposal


def _next_step(file: Path, output: Path, proposal: Proposal) -> str:
    from orchestrator.reading.csv_layout import DELIMITERS

    step = ["concord", "resolve", str(file), "--map", str(output)]
    options = proposal.options
    if options.encoding != "utf-8":
        step += ["--encoding", options.encoding]
    if options.delimiter and options.delimiter not in DELIMITERS:
        step += ["--delimiter", options.delimiter]
    if options.sheet:
        step += ["--sheet", options.sheet]
    return shlex.join(step)

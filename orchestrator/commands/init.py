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

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--out", "output", type=FILE, default=Path("mapping.yml"), show_default=True, help="Mapping."
)
@click.option("--encoding", default="utf-8", show_default=True, help="Encoding of a text file.")
@click.option("--delimiter", help="Column separator; found in the header when not given.")
@click.option("--force", is_flag=True, help="Replace a mapping that is there.")
@json_option
def init(
    file: Path,
    output: Path,
    encoding: str,
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

    proposal = propose_mapping(file, FileOptions(encoding, delimiter))
    write_new(output, proposal.text, replace=force)
    if as_json:
        print_json(proposal_document(proposal) | {"output": output})
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        click.echo(proposal_text(proposal, width))
        click.echo(f"\nWritten to {output}. Look at it, then:")
        click.echo(f"  {_next_step(file, output, proposal, delimiter)}")


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
    lines = [f"A list of {what}, by {proposal.rows_read:,} rows of it.", ""]
    lines += row_lines(rows, frozenset(), width)
    lines += [f"Doubtful: {doubt}" for doubt in proposal.doubts]
    return "\n".join(lines)


def _next_step(file: Path, output: Path, proposal: Proposal, delimiter: str | None) -> str:
    step = ["concord", "resolve", str(file), "--map", str(output), "--out", "result"]
    if proposal.options.encoding != "utf-8":
        step += ["--encoding", proposal.options.encoding]
    if delimiter:
        step += ["--delimiter", delimiter]
    return shlex.join(step)

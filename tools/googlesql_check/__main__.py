"""Command line: `python -m tools.googlesql_check --target-path target`."""

import sys
from pathlib import Path

import click

from tools.googlesql_check.check import check
from tools.googlesql_check.dbt_nodes import ManifestError


@click.command(name="googlesql_check")
@click.option(
    "--project-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    show_default="the current folder",
    help="Folder of the dbt project.",
)
@click.option(
    "--target-path",
    type=click.Path(path_type=Path),
    default=Path("target"),
    show_default=True,
    help="Folder that `dbt compile` has written, seen from the project.",
)
@click.option("--warnings", is_flag=True, help="Show warnings as well.")
def main(project_dir: Path, target_path: Path, *, warnings: bool) -> None:
    """Check all compiled SQL of a dbt project with Google's analyzer.

    Prints one line per finding. Exits with 1 when there is an error, with 2 when there is nothing
    to check.
    """
    try:
        report = check(project_dir, target_path)
    except ManifestError as error:
        raise click.UsageError(str(error)) from error
    for finding in report.findings if warnings else report.errors:
        click.echo(str(finding))
    click.echo(report.summary())
    if not report.checked:
        raise click.UsageError("nothing is compiled: run `dbt compile` first")
    sys.exit(0 if report.ok else 1)


if __name__ == "__main__":
    main()

"""`concord new`."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def new() -> None:
    """Make something of your own to begin with."""


@new.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def project(folder: Path) -> None:
    """Copy the dbt project to FOLDER, to be edited.

    The installed package brings the project with it, so nobody needs a copy to use Concord. Make
    one to change the SQL, the thresholds or the word lists: `concord` uses the project of the
    folder that it is called in.
    """
    from orchestrator.errors import InputError
    from orchestrator.settings.project_files import copy_project_files
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    try:
        if folder.exists() and any(folder.iterdir()):
            raise InputError(f"{folder} is not empty", "give a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        copy_project_files(settings.project_dir, folder)
        ignored = ".concord/\nbuild/\ntarget/\nlogs/\n"
        (folder / ".gitignore").write_text(ignored, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written: {error.strerror or error}", "give another folder"
        ) from error
    click.echo(f"Written to {folder}\nNext: cd {folder}; concord demo")

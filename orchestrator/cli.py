"""Entry point of `concord`: parses the command line, prints errors and sets the exit code."""

from __future__ import annotations

import errno
import importlib
import io
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from orchestrator import __version__
from orchestrator.errors import EXIT_INTERRUPTED, EXIT_OK, ConcordError, did_you_mean
from orchestrator.files.modes import write_privately
from orchestrator.interruption import COMMAND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

# Command -> module of the same attribute, and its one-line help (known without the import).
COMMANDS: Final = {
    "alerts": ("orchestrator.commands.alerts", "List the open alerts, or test their channels."),
    "backup": ("orchestrator.commands.backup", "Back up what cannot be computed again."),
    "compare": ("orchestrator.commands.compare", "Show what another model would change."),
    "dbt": ("orchestrator.commands.dbt", "Run dbt with the same settings and warehouse."),
    "decide": ("orchestrator.commands.decide", "Say that two are the same, or different."),
    "demo": ("orchestrator.commands.demo", "Make a sample company, load it and resolve it."),
    "forget": ("orchestrator.commands.forget", "Remove a person from the warehouse."),
    "diff": ("orchestrator.commands.diff", "Show which ids a run changed, or would change."),
    "explain": ("orchestrator.commands.explain", "Say why two are one entity, or why not."),
    "health": ("orchestrator.commands.health", "Check everything that a run needs."),
    "history": ("orchestrator.commands.history", "Show what became of the last runs."),
    "init": ("orchestrator.commands.init", "Propose a mapping for a file."),
    "load": ("orchestrator.commands.load", "Load files into a raw table."),
    "models": ("orchestrator.commands.models", "List the versions of the matching model."),
    "new": ("orchestrator.commands.new", "Copy the dbt project to a folder, to edit it."),
    "plan": ("orchestrator.commands.plan", "Say what a build would cost before it starts."),
    "promote": ("orchestrator.commands.promote", "Let runs use another version of the model."),
    "report": ("orchestrator.commands.report", "Write a page of charts about what was matched."),
    "resolve": (
        "orchestrator.commands.resolve",
        "Find who is who in files.",
    ),
    "retry": ("orchestrator.commands.retry", "Run what a failed or killed run left undone."),
    "restore": ("orchestrator.commands.restore", "Bring tables back from a backup."),
    "retention": ("orchestrator.commands.retention", "Show or set how long data is kept."),
    "run": ("orchestrator.commands.run", "Check, build with retries, publish, log and notify."),
    "show": ("orchestrator.commands.show", "Show a person or company and what it is made of."),
    "serve": ("orchestrator.commands.serve", "Answer who is who over HTTP."),
    "snapshot": ("orchestrator.commands.snapshot", "Write the file that `serve` answers from."),
    "settings": ("orchestrator.commands.settings", "Show every setting and its variable."),
    "unload": ("orchestrator.commands.unload", "Take loaded files back out of a raw table."),
    "train": ("orchestrator.commands.train", "Train a version of the matching model beside."),
    "warehouse": ("orchestrator.commands.warehouse", "Start, stop or inspect the local warehouse."),
}

SECTIONS: Final = (
    ("Use", ("resolve", "init", "demo", "load", "unload", "report", "decide")),
    ("Model", ("models", "train", "compare", "promote")),
    ("Serve", ("serve", "snapshot")),
    ("Operate", ("run", "retry", "dbt", "backup", "restore", "retention", "forget", "warehouse")),
    ("Look", ("show", "explain", "alerts", "diff", "health", "history", "plan", "settings")),
    ("Change", ("new",)),
)


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click passes it
        cmd_name: str,
    ) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name][0]}.{cmd_name} is not a command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; offer the closest ones for a name that is none."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"no such command '{name}'{did_you_mean(name, COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        known = self.list_commands(ctx)
        grouped = [name for _, names in SECTIONS for name in names]
        others = tuple(name for name in known if name not in grouped)
        for title, names in (*SECTIONS, ("Others", others)):
            if names:
                with formatter.section(title):
                    formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="concord")
def concord() -> None:
    """Resolve customers from many sources into one row per person and one row per company.

    Exit codes: 0 ok, 1 models or tests failed, 2 usage or configuration, 3 transient failure
    that outlasted its retries, 4 another run holds the lock, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `concord` and end the process with its exit code."""
    write_privately()
    sys.excepthook = _show_stack
    threading.excepthook = lambda of: _show_stack(
        of.exc_type, of.exc_value or of.exc_type(), of.exc_traceback
    )
    sys.stdout, sys.stderr = _unbreakable(sys.stdout), _unbreakable(sys.stderr)
    COMMAND.listen()
    try:
        code = execute(arguments)
        COMMAND.ignore()
    except KeyboardInterrupt:
        # It came while an error was being told.
        COMMAND.ignore()
        code = EXIT_INTERRUPTED
    sys.exit(code)


class _FullDisk(io.FileIO):
    """A standard stream whose disk may be full: its lines get lost, the command goes on."""

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - any buffer
        """Write, and take what finds no room for written."""
        try:
            return super().write(data)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            return len(data)


def _unbreakable(stream: TextIO) -> TextIO:
    """Return a stream to the same place that a full disk does not break."""
    try:
        raw = _FullDisk(stream.fileno(), "w", closefd=False)
    except (AttributeError, OSError, ValueError):
        return stream  # No file: a test looks on.
    return io.TextIOWrapper(
        io.BufferedWriter(raw), stream.encoding, "backslashreplace", line_buffering=True
    )


def execute(arguments: Sequence[str] | None = None) -> int:
    """Run `concord` and return its exit code; errors are printed here and nowhere else."""
    try:
        result = concord.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="concord",
            standalone_mode=False,
        )
    except ConcordError as error:
        return _show(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return EXIT_INTERRUPTED
    except Exception as error:
        from orchestrator.bigquery.errors_in_words import as_concord_error

        translated = as_concord_error(error)
        if translated is None:
            raise
        return _show(translated)
    return result if isinstance(result, int) else EXIT_OK


def _show(error: ConcordError) -> int:
    text = error.message if error.is_own_text else _told(error.message)
    click.secho(f"Error: {text}", fg="red", err=True)
    click.echo(f"What to do: {error.what_to_do}", err=True)
    return error.exit_code


def _told(text: str) -> str:
    """Return a text for stderr. Where it is no terminal, somebody keeps it: values are masked."""
    if sys.stderr.isatty():
        return text
    from orchestrator.redaction import redact

    return redact(text)


def _show_stack(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    click.echo(_told("".join(traceback.format_exception(kind, error, trace))), err=True, nl=False)


if __name__ == "__main__":
    main()

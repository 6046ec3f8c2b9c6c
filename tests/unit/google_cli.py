"""Ask Google's CLI, by its own parsers, what is wrong with commands. Nothing of them is run.

`python -S google_cli.py gcloud|bq FOLDER_OF_THE_SDK` reads a list of [words, is_run] and writes
what is wrong with each: an empty text if nothing is. `filter` reads a list of [expression,
resource] and writes yes, no or what is wrong. One process for all: loading takes two seconds.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import Namespace

# What a command prints: API, version, message.
PRINTED: Final = {
    "billing projects describe": ("cloudbilling", "v1", "ProjectBillingInfo"),
    "logging metrics list": ("logging", "v2", "LogMetric"),
    "monitoring channels list": ("monitoring", "v3", "NotificationChannel"),
    "monitoring dashboards list": ("monitoring", "v1", "Dashboard"),
    "monitoring policies list": ("monitoring", "v3", "AlertPolicy"),
    "projects describe": ("cloudresourcemanager", "v1", "Project"),
    "projects get-iam-policy": ("cloudresourcemanager", "v1", "Policy"),
    "pubsub subscriptions pull": ("pubsub", "v1", "ReceivedMessage"),
    "run jobs describe": ("run", "v1", "Job"),
    "run jobs executions list": ("run", "v1", "Execution"),
    "run services describe": ("run", "v1", "Service"),
}
# The CLI prints a list of its own.
OWN: Final = {"artifacts docker tags list": {"tag", "image", "version"}}
# Of a bucket the CLI prints no message but a list of its own.
BUCKET: Final = "storage buckets describe"
RESOURCE: Final = "googlecloudsdk.core.resource"
TRACKS: Final = {"alpha", "beta"}
Answer = Callable[[Any, Any], str]


class Wrong(Exception):
    """A command that the CLI would refuse, or that asks for a field that there is not."""


def gcloud(sdk: Path) -> Answer:
    """Load the commands of gcloud; return what raises for one that is wrong."""
    _add(sdk / "lib")
    top = import_module("googlecloudsdk.gcloud_main").CreateCLI([])._TopElement()
    parsers = import_module("googlecloudsdk.calliope.parser_extensions")

    def refuse(_: object, status: int = 0, message: str = "", exception: object = None) -> None:
        raise Wrong(str(exception or message or status))

    parsers.ArgumentParser.exit = refuse

    def check(words: list[str], is_run: bool) -> str:
        if is_run or top.LoadSubElementByPath(words) is None:
            known = top._parser.parse_args(words)
            path = [word for word in known._GetCommand().GetPath()[1:] if word not in TRACKS]
            _check_fields(" ".join(path), list(_fields(known)))
        return ""

    return check


def _add(folder: Path) -> None:
    sys.path[:0] = [str(folder / "third_party"), str(folder)]


def _fields(known: Namespace) -> Iterator[list[Any]]:
    """Return the fields by which a command's output is formatted, flattened and filtered."""
    if getattr(known, "format", None):
        parse = import_module(f"{RESOURCE}.resource_projection_parser").Parse
        symbols = import_module(f"{RESOURCE}.resource_transform").GetTransforms()
        projection = parse(known.format, symbols=symbols)
        formats = import_module(f"{RESOURCE}.resource_printer").SupportedFormats()
        if projection.Name() not in formats:
            raise Wrong(f"no format '{projection.Name()}'")
        yield from (column.key for column in projection.Columns())
    for field in getattr(known, "flatten", None) or []:
        yield field.replace("[]", "").split(".")
    if getattr(known, "filter", None):
        filters = import_module(f"{RESOURCE}.resource_filter")
        yield from filters.GetAllKeys(filters.Compile(known.filter))


def _check_fields(path: str, fields: list[list[Any]]) -> None:
    if not fields:
        return
    if path == BUCKET:
        module = "googlecloudsdk.command_lib.storage.resources.full_resource_formatter"
        shown = import_module(module).BucketDisplayTitlesAndDefaults._fields
        missing = [field for field in fields if field[0] not in shown]
    elif path in OWN:
        missing = [field for field in fields if field[0] not in OWN[path]]
    elif path in PRINTED:
        api, version, name = PRINTED[path]
        module = "googlecloudsdk.api_lib.util.apis"
        messages = import_module(module).GetMessagesModule(api, version)
        missing = [field for field in fields if not _has(getattr(messages, name), field)]
    else:
        raise Wrong(f"PRINTED does not say what '{path}' prints")
    if missing:
        names = [".".join(str(part) for part in field) for field in missing]
        raise Wrong(f"it prints no {', '.join(names)}")


def _has(message: object, field: list[Any]) -> bool:
    """Return whether a message has a field; a map, as that of labels, has any."""
    for part in field:
        if hasattr(message, "AdditionalProperty"):
            return True
        if isinstance(part, str):
            known = {one.name: one for one in getattr(message, "all_fields", list)()}
            if part not in known:
                return False
            # What is no message has no fields.
            message = getattr(known[part], "type", None)
    return True


def filtered(sdk: Path) -> Answer:
    """Return what says whether a filter of gcloud takes a resource."""
    _add(sdk / "lib")
    # One for all resources, as in gcloud: the first may change how the others are compared.
    compiled = cache(import_module(f"{RESOURCE}.resource_filter").Compile)

    def answer(expression: str, resource: dict[str, Any]) -> str:
        return "yes" if compiled(expression).Evaluate(resource) else "no"

    return answer


def bq(sdk: Path) -> Answer:
    """Load the commands of bq; return what raises for one that is wrong."""
    _add(sdk / "platform" / "bq")
    flags = import_module("absl.flags").FLAGS
    flags(["bq"])
    import_module("bq").main([])
    commands = import_module("pyglib.appcommands")

    def check(words: list[str], is_run: bool) -> str:
        # Its flags may stand before the command, those of the command only behind it.
        flags.set_gnu_getopt(False)
        _, *rest = flags(["bq", *words])
        command = commands.GetCommandByName(rest[0]) if rest else None
        if command is None:
            raise Wrong(f"no command '{' '.join(rest[:1])}'")
        flags.set_gnu_getopt(True)
        flags.append_flag_values(command._command_flags)
        try:
            _, *given = flags(["bq", *rest[1:]])
        finally:
            flags.remove_flag_values(command._command_flags)
        wanted = range(command._min_args if is_run or rest[1:] else 0, command._max_args + 1)
        if len(given) not in wanted:
            raise Wrong(f"{len(given)} arguments, not {wanted.start} to {wanted.stop - 1}")
        return ""

    return check


def main(tool: str, sdk: str) -> None:
    """Answer what is asked on standard input."""
    said = []
    # What the CLI itself has to say goes to standard error.
    with contextlib.redirect_stdout(sys.stderr):
        answer = {"gcloud": gcloud, "bq": bq, "filter": filtered}[tool](Path(sdk))
        for question in json.load(sys.stdin):
            try:
                said.append(answer(*question))
            except Exception as error:  # noqa: BLE001 - those of the CLI have no class in common
                said.append(str(error) or type(error).__name__)
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])

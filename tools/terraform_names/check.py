"""Compares the blocks of infrastructure/terraform with the names that the provider knows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools.terraform_names.literals import is_of_type
from tools.terraform_names.references import unknown_references
from tools.terraform_names.written import (
    FOLDER,
    blocks_of,
    unquoted,
    without_marks,
    written_blocks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA: Final = Path(__file__).with_name("google.json")
# What Terraform itself takes in every block of a kind, and in a block that is repeated.
OF_TERRAFORM: Final = {
    "resource": {"count", "for_each", "depends_on", "provider"},
    "data": {"count", "for_each", "depends_on", "provider"},
    "provider": {"alias"},
}
LIFECYCLE: Final = {
    "create_before_destroy",
    "prevent_destroy",
    "ignore_changes",
    "replace_triggered_by",
    "precondition",
    "postcondition",
}
DYNAMIC: Final = {"for_each", "iterator", "labels", "content"}
MAKE_AGAIN: Final = (
    "is not in tools/terraform_names/google.json: .ci/terraform_names makes it again"
)


def provider_names() -> dict[str, Any]:
    """Return what the provider knows of the types that are used."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return found


def wrong_names(folder: Path = FOLDER) -> list[str]:
    """Return a line for each name, block or plain value that the provider would refuse."""
    known, found = provider_names(), []
    for one in written_blocks(folder):
        schema = known[one.kind].get(one.type)
        if schema is None:
            found.append(f"{one.address}: {one.type} {MAKE_AGAIN}")
            continue
        body = {
            name: value
            for name, value in without_marks(one.body).items()
            if name not in OF_TERRAFORM[one.kind]
        }
        found += _wrong_lifecycle(body.pop("lifecycle", []), schema, one.address)
        found += _wrong_in(body, schema, one.address)
    for block in blocks_of(folder, "provider"):
        for name, settings in block.items():
            body = {key: v for key, v in without_marks(settings).items() if key != "alias"}
            found += _wrong_in(body, known["provider"], f"provider {name}")
    return found + unknown_references(folder, known)


def _wrong_in(body: dict[str, Any], schema: dict[str, Any], where: str) -> Iterator[str]:
    """Compare what stands in one block with what may."""
    arguments, nested = schema["arguments"], schema["blocks"]
    own = {name: value for name, value in without_marks(body).items() if name != "dynamic"}
    repeated = [
        (unquoted(label), settings)
        for one in body.get("dynamic", ())
        for label, settings in without_marks(one).items()
    ]
    for label, settings in repeated:
        yield from _wrong_dynamic(label, settings, nested, where)
    for name, value in own.items():
        if not _is_block(value):
            yield from _wrong_argument(name, value, arguments, where)
        elif name not in nested:
            yield f"{where}: no block {name}"
        else:
            for one in value:
                yield from _wrong_in(one, nested[name], f"{where}.{name}")
    for name, way in arguments.items():
        if way.startswith("required") and name not in own:
            yield f"{where}: {name} is missing"
    labels = {label for label, _ in repeated}
    yield from _wrong_numbers(own, {k: v for k, v in nested.items() if k not in labels}, where)


def _wrong_numbers(body: dict[str, Any], nested: dict[str, Any], where: str) -> Iterator[str]:
    """Say which blocks are missing or too many; how often a dynamic one stands is not known."""
    for name, block in nested.items():
        n_blocks = len(body[name]) if _is_block(body.get(name)) else 0
        if n_blocks < block["least"]:
            yield f"{where}: a block {name} is missing"
        if block["most"] and n_blocks > block["most"]:
            yield f"{where}: {n_blocks} blocks {name}, {block['most']} at most"


def _wrong_argument(
    name: str,
    value: Any,  # noqa: ANN401 - a value of HCL
    arguments: dict[str, str],
    where: str,
) -> Iterator[str]:
    way, _, of_type = arguments.get(name, "unknown ").partition(" ")
    if way == "unknown":
        yield f"{where}: no argument {name}"
    elif way == "computed":
        yield f"{where}: {name} cannot be set"
    elif not is_of_type(value, of_type):
        yield f"{where}: {name} is no {of_type}: {value}"


def _wrong_dynamic(
    label: str, repeated: dict[str, Any], nested: dict[str, Any], where: str
) -> Iterator[str]:
    body = without_marks(repeated)
    if label not in nested:
        yield f"{where}: no block {label}"
        return
    if unknown := sorted(set(body) - DYNAMIC):
        yield f"{where}.{label}: a dynamic block takes no {', '.join(unknown)}"
    if missing := sorted({"for_each", "content"} - set(body)):
        yield f"{where}.{label}: a dynamic block needs {', '.join(missing)}"
    for one in body.get("content", ()):
        yield from _wrong_in(one, nested[label], f"{where}.{label}")


def _wrong_lifecycle(
    bodies: list[dict[str, Any]], schema: dict[str, Any], where: str
) -> Iterator[str]:
    for body in map(without_marks, bodies):
        yield from (f"{where}: lifecycle takes no {name}" for name in sorted(set(body) - LIFECYCLE))
        ignored = body.get("ignore_changes", ())
        for text in ignored if isinstance(ignored, list) else ():
            found = re.match(r"\w+", unquoted(text))
            if not found or found.group() not in {**schema["arguments"], **schema["blocks"]}:
                yield f"{where}: ignore_changes names no argument: {text}"


def _is_block(value: Any) -> bool:  # noqa: ANN401 - a value of HCL
    is_list = isinstance(value, list) and bool(value)
    return is_list and all(isinstance(one, dict) and "__is_block__" in one for one in value)

"""How a file is to be read, and what to tell the user when that does not work."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

import duckdb

from orchestrator.errors import InputError
from orchestrator.loading.text_files import (
    BROKEN_ARCHIVE,
    broken_archive,
    file_format,
    open_text,
    wrong_encoding,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Result = TypeVar("Result")
LINE: Final = re.compile(r"(?:on Line|in line)[: ]+(\d+)", re.IGNORECASE)
# DuckDB puts the line itself between its number and what is wrong with it.
CSV_REASON: Final = re.compile(
    r"on Line: (\d+).*?^((?:Expected|Value|Invalid|Maximum|Unterminated|Missing)[^\n]*)",
    re.DOTALL | re.MULTILINE,
)
ENCODING_SIGNS: Final = ("unicode", "utf-8", "utf-16")
BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How the user wants a file to be read."""

    encoding: str = "utf-8"
    delimiter: str | None = None
    skip_bad_rows: bool = False


def in_utf8(path: Path, options: FileOptions, scratch: Path) -> tuple[Path, FileOptions]:
    """Return a file that DuckDB can read: the file itself, or a copy of it in UTF-8."""
    try:
        with open_text(path, options.encoding) as text:
            if options.encoding.lower() in {"utf-8", "utf8"} and not _has_mark(path):
                return path, options
            copy = scratch / f"utf8{'.csv' if file_format(path) == 'csv' else '.jsonl'}"
            with copy.open("w", encoding="utf-8", newline="") as target:
                shutil.copyfileobj(text, target, 1 << 20)
    except UnicodeError as error:
        raise wrong_encoding(path, options.encoding, None) from error
    except BROKEN_ARCHIVE as error:
        raise broken_archive(path) from error
    return copy, replace(options, encoding="utf-8")


def explained(path: Path, options: FileOptions, action: Callable[[], Result]) -> Result:
    """Do something with the file, and turn DuckDB's complaints into a clear error."""
    try:
        return action()
    except duckdb.Error as error:
        raise _input_error(path, options, str(error)) from error


def _has_mark(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(3) == BYTE_ORDER_MARK.encode()


def _input_error(path: Path, options: FileOptions, text: str) -> InputError:
    if file_format(path) == "parquet":
        return InputError(f"cannot read {path.name}: {text}", "check that it is a Parquet file")
    if "gzip" in text.lower() or "miniz" in text.lower():
        return broken_archive(path)
    if any(sign in text.lower() for sign in ENCODING_SIGNS):
        found = LINE.search(text)
        line = int(found.group(1)) if found and file_format(path) == "csv" else None
        return wrong_encoding(path, options.encoding, line)
    if file_format(path) == "jsonl":
        return _bad_json(path, options)
    found = CSV_REASON.search(text)
    reason = f"line {found.group(1)}: {found.group(2)}" if found else text.splitlines()[0]
    return InputError(
        f"{path.name} cannot be read: {reason}",
        "correct the line, or leave such lines out with --skip-bad-rows",
    )


def _bad_json(path: Path, options: FileOptions) -> InputError:
    """Find the first bad line again, to name it."""
    place = ""
    with open_text(path, options.encoding) as text:
        for number, line in enumerate(text, start=1):
            try:
                json.loads(line or "null")
            except ValueError as error:
                place = f" in line {number}: {error}"
                break
    return InputError(
        f"{path.name} holds no valid JSON object{place}",
        "write one JSON object a line, or leave bad lines out with --skip-bad-rows",
    )

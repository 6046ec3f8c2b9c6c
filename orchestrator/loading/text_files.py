"""Opens text files as they come: plain or gzip, with a byte order mark or another encoding."""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from contextlib import contextmanager
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Final, cast

from orchestrator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMATS: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
DELIMITERS: Final = (",", ";", "\t", "|")
BYTE_ORDER_MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
HEADER_LIMIT: Final = 1 << 20
# Broken gzip data shows up as any of these, in the middle of reading.
BROKEN_ARCHIVE: Final = (EOFError, gzip.BadGzipFile, zlib.error)


def file_format(path: Path) -> str:
    """Return csv, jsonl or parquet by the end of the file's name."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    found = FORMATS.get(suffixes[-1]) if suffixes else None
    if found is None or (found == "parquet" and is_gzip(path)):
        raise InputError(
            f"cannot tell the format of {path.name}",
            "name the file .csv, .tsv, .jsonl (each also with .gz) or .parquet",
        )
    return found


def is_gzip(path: Path) -> bool:
    """Say whether the name promises gzip data."""
    return path.suffix.lower() == ".gz"


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; refuse a missing or an empty file."""
    if not path.is_file():
        raise InputError(f"{path} is not a file", "check the path")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty", "give a file with at least one row")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def open_text(path: Path, encoding: str, errors: str = "strict") -> Iterator[IO[str]]:
    """Open a text file for reading, without a byte order mark and with its own line ends."""
    with gzip.open(path, "rb") if is_gzip(path) else path.open("rb") as raw:
        try:
            mark = raw.read(2)
            raw.seek(0)
        except BROKEN_ARCHIVE as error:
            raise broken_archive(path) from error
        if mark in BYTE_ORDER_MARKS and not encoding.lower().startswith("utf-16"):
            raise InputError(
                f"{path.name} is encoded in UTF-16", "run the command with --encoding utf-16"
            )
        name = "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding
        try:
            yield TextIOWrapper(cast("IO[bytes]", raw), encoding=name, errors=errors, newline="")
        except LookupError as error:
            raise InputError(
                f"unknown encoding '{encoding}'", "use for example utf-8, latin-1 or cp1252"
            ) from error


def broken_archive(path: Path) -> InputError:
    """Return the error for a gzip file that ends early or is none."""
    return InputError(f"{path.name} is not a complete gzip file", "copy the file again")


def read_header(path: Path, encoding: str, delimiter: str | None) -> tuple[tuple[str, ...], str]:
    """Return the column names of a delimited file, and its delimiter."""
    # The text is decoded in blocks: a bad byte further down must not be taken for the header's.
    with open_text(path, encoding, errors="surrogateescape") as text:
        try:
            first_line = text.readline(HEADER_LIMIT)
            first_line.encode()
        except UnicodeError as error:
            raise wrong_encoding(path, encoding, 1) from error
        except BROKEN_ARCHIVE as error:
            raise broken_archive(path) from error
    if not first_line.strip():
        raise InputError(f"{path.name} has no header line", "write the column names in line 1")
    used = delimiter or max(DELIMITERS, key=first_line.count)
    names = next(csv.reader([first_line], delimiter=used))
    return tuple(name.strip() for name in names), used


def wrong_encoding(path: Path, encoding: str, line: int | None) -> InputError:
    """Return the error for bytes that the encoding does not have."""
    place = f" (line {line})" if line else ""
    return InputError(
        f"{path.name} is not encoded in {encoding}{place}",
        "name its encoding, for example --encoding latin-1 or --encoding cp1252",
    )

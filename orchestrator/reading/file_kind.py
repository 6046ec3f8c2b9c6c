"""What a file is: by its name, and by its first bytes when the name does not tell the truth."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

FORMATS: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".json": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xlsb": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
}
# Of workbooks: a zip archive, or an Office document of before 2007.
OFFICE_MARK: Final = b"\xd0\xcf\x11\xe0"
ZIP_MARK: Final = b"PK\x03\x04"
GZIP_MARK: Final = b"\x1f\x8b"
PARQUET_MARK: Final = b"PAR1"
AS_WORKBOOK: Final = "name it as the program that wrote it does: .xlsx, .xls or .ods"
AS_CSV: Final = "open it and save the sheet as 'CSV UTF-8', then give that file"
UNPACK: Final = "unpack it and give the file inside"
EXPORT: Final = "export it as CSV, JSON lines or Parquet"
MARKS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (OFFICE_MARK, "an Excel workbook or another Office document", AS_WORKBOOK),
    (b"%PDF", "a PDF document", EXPORT),
    (b"{\\rtf", "a text document (RTF)", EXPORT),
    (b"SQLite format 3", "a SQLite database", EXPORT),
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"ORC", "an ORC file", EXPORT),
    (b"ARROW1", "an Arrow file", EXPORT),
    (b"BZh", "packed with bzip2", UNPACK),
    (b"\xfd7zXZ", "packed with xz", UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"\x89PNG", "a picture", EXPORT),
    (b"\xff\xd8\xff", "a picture", EXPORT),
)
PAGES: Final = (b"<!doctype", b"<html", b"<?xml")
DATASET_CHARACTERS: Final = 100
PARTS_OF_ZIP: Final = (
    ("xl/", "an Excel workbook", AS_WORKBOOK),
    ("word/", "a Word document", EXPORT),
    ("content.xml", "a LibreOffice document", AS_WORKBOOK),
)


def display_name(path: Path) -> str:
    """Return the file's name in characters that can be shown and stored, whatever it holds."""
    name = os.fsencode(path.name).decode("utf-8", errors="backslashreplace")
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in name
    )


def file_stem(path: Path) -> str:
    """Return the name up to its first dot: what its rows' source system is called."""
    return display_name(path).split(".")[0] or display_name(path)


def dataset_part(path: Path) -> str:
    """Return the file's stem in the characters that the name of a dataset may have.

    Two names in another script must not meet in one dataset, so what is lost leaves its hash.
    """
    stem = file_stem(path)
    plain = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")[:DATASET_CHARACTERS]
    if stem.isascii() and plain and len(stem) <= DATASET_CHARACTERS:
        return plain
    return f"{plain}_{hashlib.sha256(stem.encode()).hexdigest()[:8]}".strip("_")


def file_format(path: Path) -> str:
    """Return csv, jsonl, parquet or workbook; refuse what is something else under such a name."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    if packed:
        suffixes.pop()
    found = FORMATS.get(suffixes[-1]) if suffixes else None
    head = read_head(path)
    name = display_name(path)
    if head.startswith(PARQUET_MARK) and (found != "parquet" or packed):
        raise InputError(f"{name} is a Parquet file", "name it .parquet")
    is_workbook = found == "workbook" and not packed
    if is_workbook and _is_workbook(path, head):
        return "workbook"
    _refuse_other_kinds(path, head)
    if is_workbook:
        raise InputError(f"{name} is no workbook", "name it as what it is: .csv, for example")
    if found is None or (found in ("parquet", "workbook") and packed):
        raise InputError(
            f"cannot tell the format of {name}",
            "name the file .csv, .tsv, .jsonl (each also with .gz), .parquet or .xlsx",
        )
    if packed and not head.startswith(GZIP_MARK):
        raise InputError(f"{name} is not a gzip file", "name it without .gz, or copy it again")
    return found


def read_head(path: Path, size: int = 4096) -> bytes:
    """Return the first bytes of a file."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> InputError:
    """Return the error for a file that the machine does not let us read."""
    return InputError(
        f"{display_name(path)} cannot be read: {error.strerror or error}",
        "check the file and its rights",
    )


def _is_workbook(path: Path, head: bytes) -> bool:
    if head.startswith(ZIP_MARK):
        return _kind_of_zip(path)[1] == AS_WORKBOOK
    return head.startswith(OFFICE_MARK)


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    for mark, kind, what_to_do in MARKS:
        if head.startswith(mark):
            raise InputError(f"{display_name(path)} is {kind}", what_to_do)
    if head.startswith(ZIP_MARK):
        kind, what_to_do = _kind_of_zip(path)
        raise InputError(f"{display_name(path)} is {kind}", what_to_do)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(PAGES):
        raise InputError(f"{display_name(path)} is a web page or an XML file", EXPORT)


def _kind_of_zip(path: Path) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        # Broken, cut off, or of a version that Python cannot list: all that is known is its mark.
        names = []
    for part, kind, what_to_do in PARTS_OF_ZIP:
        if any(name.startswith(part) for name in names):
            return kind, what_to_do
    return "a zip archive", UNPACK

"""The files of a call, each with the mapping of its columns."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError, MappingError
from orchestrator.mapping.mapped_file import InputFile
from orchestrator.mapping.mapping import parse_mapping
from orchestrator.mapping.mapping_text import read_mapping_text
from orchestrator.reading.file_kind import OFFICE_MARK, PARQUET_MARK, ZIP_MARK, display_name
from orchestrator.reading.fitting_encoding import fitting_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestrator.mapping.mapping import Mapping
    from orchestrator.proposal.propose import Proposal
    from orchestrator.reading.file_options import FileOptions

STDIN: Final = Path("-")
# What a pipe begins with -> the ending of a file that holds it.
BEGINNINGS: Final = (
    (PARQUET_MARK, ".parquet"),
    (ZIP_MARK, ".xlsx"),
    (OFFICE_MARK, ".xls"),
    (b"{", ".jsonl"),
    (b"[", ".json"),
)
HEAD_BYTES: Final = 4096


@contextmanager
def files_on_disk(paths: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Give the paths of files; what comes from the standard input is kept in one for a while."""
    if STDIN not in paths:
        yield tuple(paths)
        return
    if paths.count(STDIN) > 1:
        raise InputError("the standard input can be read once", "give `-` once")
    with tempfile.TemporaryDirectory(prefix="concord-stdin-") as folder:
        spooled = _spooled(Path(folder))
        yield tuple(spooled if path == STDIN else path for path in paths)


def _spooled(folder: Path) -> Path:
    stream = sys.stdin.buffer
    head = stream.read(HEAD_BYTES)
    if not head:
        raise InputError("nothing came from the standard input", "pipe a file into the command")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    ending = next((name for mark, name in BEGINNINGS if start.startswith(mark)), ".csv")
    path = folder / f"stdin{ending}"
    with path.open("wb") as file:
        file.write(head)
        shutil.copyfileobj(stream, file)
    return path


@dataclass(frozen=True, slots=True)
class Reading:
    """A mapping, its text, and how the files that it is for are read."""

    mapping: Mapping
    text: str
    options: FileOptions


def by_mapping(path: Path, options: FileOptions) -> Reading:
    """Return the reading that a mapping file says."""
    text = read_mapping_text(path)
    return Reading(parse_mapping(text, display_name(path)), text, options)


def by_proposal(proposal: Proposal) -> Reading:
    """Return the reading that is proposed, with the encoding that was found."""
    text = proposal.text
    return Reading(parse_mapping(text, "the proposed mapping"), text, proposal.options)


def paired(
    paths: Sequence[Path], readings: Sequence[Reading], *, fits_encoding: bool = False
) -> tuple[InputFile, ...]:
    """Return each file with its mapping: one for all, or one for each.

    With `fits_encoding` a text that is not encoded as it should be is read as it is.
    """
    if len(readings) not in (1, len(paths)):
        raise MappingError(
            f"{len(paths)} files and {len(readings)} mappings",
            "give one --map for all files, or one for each, in the same order",
        )
    of_each = readings if len(readings) == len(paths) else [readings[0]] * len(paths)
    for name in ("entity", "phone_region"):
        # A file that says nothing takes what another one says.
        values = {getattr(reading.mapping, name) for reading in readings} - {None}
        if len(values) > 1:
            shown = " and ".join(sorted(values))
            raise MappingError(
                f"the mappings say different things of {name}: {shown}",
                "resolve files of people and of companies, and of different regions, one by one",
            )
    for index, path in enumerate(paths):
        if path in paths[:index]:
            raise InputError(f"{display_name(path)} is given twice", "give every file once")
    files = []
    for path, reading in zip(paths, of_each, strict=True):
        options = reading.options
        if fits_encoding and path.is_file():
            options = replace(options, encoding=fitting_encoding(path, options.encoding))
        files.append(InputFile(path, reading.mapping, options))
    return tuple(files)

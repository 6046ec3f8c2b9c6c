"""Finds the encoding of a text that is not in UTF-8."""

from __future__ import annotations

import codecs
import gzip
from typing import IO, TYPE_CHECKING, Final, cast

from orchestrator.reading.file_kind import GZIP_MARK, file_format, read_head
from orchestrator.reading.text_files import BROKEN_ARCHIVE, MARKS

if TYPE_CHECKING:
    from pathlib import Path

BLOCK_BYTES: Final = 1 << 20
# What spreadsheets of Western Europe write when nobody asks for UTF-8.
USUAL_ENCODING: Final = "cp1252"
TEXTS: Final = ("csv", "jsonl")


def fitting_encoding(path: Path, wanted: str) -> str:
    """Return the encoding of a text that is not what it is taken for; a mark of its own wins."""
    if wanted != "utf-8" or file_format(path) not in TEXTS:
        return wanted
    packed = read_head(path, 2) == GZIP_MARK
    raw = cast("IO[bytes]", gzip.open(path, "rb") if packed else path.open("rb"))  # noqa: SIM115
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with raw:
            head = raw.read(BLOCK_BYTES)
            if any(head.startswith(mark) for mark, _ in MARKS):
                return wanted
            if b"\0" in head[:100]:
                return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
            while head:
                decoder.decode(head)
                head = raw.read(BLOCK_BYTES)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return USUAL_ENCODING
    except (*BROKEN_ARCHIVE, OSError):
        return wanted  # The reader says what is wrong.
    return wanted

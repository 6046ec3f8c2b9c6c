"""Opens text files as they come: plain or gzip, with a mark or without, in any encoding."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from contextlib import contextmanager
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, Final, cast

from orchestrator.errors import InputError
from orchestrator.reading.file_kind import GZIP_MARK, display_name, read_head, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD_BYTES: Final = 4096
# A longer mark that begins like a shorter one stands before it.
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Broken gzip data shows up as any of these, in the middle of reading.
BROKEN_ARCHIVE: Final = (EOFError, gzip.BadGzipFile, zlib.error)
CONTROL_BYTES: Final = frozenset(range(1, 32)) - frozenset(b"\t\n\v\f\r\x1a\x1b")
MAX_CONTROL_SHARE: Final = 0.03
MAX_NUL_SHARE: Final = 0.2
KEEP_BYTES: Final = "concord-keep-bytes"


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    """Decode each bad byte to a lone surrogate, so that only its own row is lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in bad), error.end


codecs.register_error(KEEP_BYTES, _keep_bytes)


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; refuse a missing or an empty file."""
    name = display_name(path)
    if str(path) == "-":
        raise InputError(
            "a file cannot be read from a pipe: it is read more than once",
            "save it as a file and give its path",
        )
    if not path.is_file():
        raise InputError(f"{name} is not a file", "give the path of a file on this machine")
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{name} is empty", "give a file with at least one row")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(path, error) from error


class TextSource:
    """The characters of one file, and its name for messages."""

    def __init__(self, path: Path, text: IO[str], encoding: str) -> None:
        self.name = display_name(path)
        self.encoding = encoding
        self._path = path
        self._text = text

    def read(self, characters: int) -> str:
        """Read on, never between a carriage return and its line feed; NULs are no text."""
        try:
            while text := self._text.read(characters):
                while text.endswith("\r") and (following := self._text.read(1)):
                    text += following
                if cleaned := text.replace("\0", ""):
                    return cleaned
        except BROKEN_ARCHIVE as error:
            raise broken_archive(self.name) from error
        except OSError as error:
            raise unreadable(self._path, error) from error
        except UnicodeError as error:
            raise wrong_encoding(self.name, self.encoding, 1) from error
        return ""


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextSource]:
    """Open a text file; its own mark decides the encoding before the user's word does."""
    try:
        packed = read_head(path, 2) == GZIP_MARK
        raw = cast("IO[bytes]", gzip.open(path, "rb") if packed else path.open("rb"))  # noqa: SIM115
    except OSError as error:
        raise unreadable(path, error) from error
    with raw:
        head = _head(path, raw)
        used = next((name for mark, name in MARKS if head.startswith(mark)), encoding)
        _refuse_binary(display_name(path), head, used)
        errors = "surrogateescape" if used.startswith("utf-8") else KEEP_BYTES
        yield TextSource(path, TextIOWrapper(raw, used, errors, newline=""), used)


def broken_archive(name: str) -> InputError:
    """Return the error for a gzip file that ends early or is damaged."""
    return InputError(f"{name} is not a complete gzip file", "copy or download the file again")


def wrong_encoding(name: str, encoding: str, line: int | None) -> InputError:
    """Return the error for bytes that the encoding does not have."""
    place = f" (line {line})" if line else ""
    return InputError(f"{name} is not encoded in {encoding}{place}", OTHER_ENCODING)


OTHER_ENCODING: Final = "name its encoding, for example --encoding cp1252 or --encoding latin-1"


def _head(path: Path, raw: IO[bytes]) -> bytes:
    try:
        head = raw.read(HEAD_BYTES)
        raw.seek(0)
    except BROKEN_ARCHIVE as error:
        raise broken_archive(display_name(path)) from error
    except OSError as error:
        raise unreadable(path, error) from error
    return head


def _refuse_binary(name: str, head: bytes, encoding: str) -> None:
    if not head or encoding.startswith(("utf-16", "utf-32")):
        return
    if head.count(0) > MAX_NUL_SHARE * len(head):
        side = "le" if head[1:2] == b"\0" else "be"
        raise InputError(
            f"{name} is encoded in UTF-16 without a mark, or is not text",
            f"try --encoding utf-16-{side}",
        )
    if sum(byte in CONTROL_BYTES for byte in head) > MAX_CONTROL_SHARE * len(head):
        raise InputError(f"{name} is not a text file", "give a CSV, JSON lines or Parquet file")

"""How a file is to be read."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from orchestrator.errors import InputError

DEFAULT_MAX_REJECTED: Final = 0.05
DEFAULT_ENCODING: Final = "utf-8"
TAB_NAMES: Final = frozenset({"\\t", "tab"})
NO_DELIMITERS: Final = frozenset('"\r\n\0')
# Codecs of Python that are no encodings of files.
NO_FILE_ENCODINGS: Final = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "unicode_escape"}
)


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How the user wants a file to be read; `max_rejected` is a share of its rows."""

    encoding: str = DEFAULT_ENCODING
    delimiter: str | None = None
    skip_bad_rows: bool = False
    max_rejected: float = DEFAULT_MAX_REJECTED
    ignore_columns: bool = False
    # Of a workbook; None: the only one that holds something.
    sheet: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no file can be read with."""
        object.__setattr__(self, "encoding", _encoding(self.encoding))
        object.__setattr__(self, "delimiter", _delimiter(self.delimiter))
        if not 0 <= self.max_rejected <= 1:
            raise InputError(
                f"{self.max_rejected:.0%} is not a share of rows", "write for example 5% or 0.05"
            )

    @property
    def as_text(self) -> str:
        """Return what decides how the same bytes are read: another text is another reading."""
        sheet = f", sheet {self.sheet!r}" if self.sheet is not None else ""
        return f"encoding {self.encoding}, delimiter {self.delimiter!r}{sheet}"


def share_of(text: str) -> float:
    """Read a share: `5%` or `0.05`."""
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(f"'{text}' is not a share of rows", "write for example 5% or 0.05")
    return share


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name)
        usable = "a".encode(name).decode(name) == "a"
    except (LookupError, ValueError, TypeError, AttributeError):
        usable = False
    if not usable or found.name in NO_FILE_ENCODINGS:
        raise InputError(f"unknown encoding '{name}'", "use for example utf-8, latin-1 or cp1252")
    return "utf-8" if found.name == "utf-8-sig" else found.name


def _delimiter(text: str | None) -> str | None:
    if text is None:
        return None
    used = "\t" if text.lower() in TAB_NAMES else text
    if len(used) != 1 or used in NO_DELIMITERS or "\ud800" <= used <= "\udfff":
        raise InputError(
            f"'{text}' cannot be a delimiter", "give one character, for example ';' or '\\t'"
        )
    return used

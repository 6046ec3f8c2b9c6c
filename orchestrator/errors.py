"""Errors that a user can act on: what happened, what to do, and the exit code that says so."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_TRANSIENT: Final = 3
EXIT_LOCKED: Final = 4
EXIT_INTERRUPTED: Final = 130

# Signs that steer a terminal, and halves of characters: names in files may hold them.
UNSHOWN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

MOST_MEANT: Final = 3
LEAST_SIMILAR: Final = 0.6


def meant(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names that a mistyped one is closest to, the closest first."""
    return tuple(get_close_matches(name, sorted(set(known)), MOST_MEANT, LEAST_SIMILAR))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that offers the closest names, or nothing."""
    close = meant(name, known)
    return f"; did you mean {' or '.join(repr(one) for one in close)}?" if close else ""


def _shown(text: str) -> str:
    """Return text that can be printed and stored, whatever it quotes."""
    return UNSHOWN.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


class ConcordError(Exception):
    """Base of all errors that end a command with a message instead of a stack trace."""

    exit_code: ClassVar[int] = EXIT_USAGE
    # Such a text is our own and names what the user has to correct. All others may hold words of a
    # warehouse: they are masked wherever they are kept.
    is_own_text: ClassVar[bool] = False

    def __init__(self, message: str, what_to_do: str) -> None:
        super().__init__(_shown(message))
        self.message = _shown(message)
        self.what_to_do = _shown(what_to_do)


class ConfigurationError(ConcordError):
    """A setting or the project folder is wrong."""

    is_own_text = True


class InputError(ConcordError):
    """A file of the user cannot be used as it is."""

    is_own_text = True


class MappingError(ConcordError):
    """A mapping file is wrong, or does not fit the data file."""

    is_own_text = True


class RunFailed(ConcordError):
    """Models or tests failed, or their result is not usable."""

    exit_code = EXIT_FAILED


class SourceShrank(ConcordError):
    """A source came back empty or much smaller than in the last accepted run. Nothing was built."""

    exit_code = EXIT_FAILED
    is_own_text = True


class TooManyIdsChange(ConcordError):
    """A night would change more ids than it may. It was built, and nothing of it is accepted."""

    exit_code = EXIT_FAILED
    is_own_text = True


class BudgetExceeded(ConcordError):
    """The build would cost or compare more than the limits allow. Nothing was built."""

    exit_code = EXIT_FAILED


class WarehouseUnavailable(ConcordError):
    """The warehouse cannot be reached."""

    exit_code = EXIT_TRANSIENT


class WarehouseRefused(ConcordError):
    """The warehouse answered, and the answer was no. `right` is what was missing, if known."""

    def __init__(self, message: str, what_to_do: str, *, right: str = "") -> None:
        super().__init__(message, what_to_do)
        self.right = right


class LoginRefused(ConcordError):
    """Google does not take the login: it has expired, or there is none."""


class RunLocked(ConcordError):
    """Another run holds the lock of the target."""

    exit_code = EXIT_LOCKED


class LockLost(ConcordError):
    """This run held the lock and holds it no longer: it must not write any more."""

    exit_code = EXIT_LOCKED


class RunTookTooLong(ConcordError):
    """The deadline passed, or nothing was heard of dbt for too long."""

    exit_code = EXIT_TRANSIENT


class Interrupted(ConcordError):
    """The user or the scheduler stopped the command."""

    exit_code = EXIT_INTERRUPTED

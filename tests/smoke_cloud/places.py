"""Datasets of a random name, which are gone afterwards whatever happens."""

from __future__ import annotations

import secrets
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.cloud.bigquery import Client

PREFIX: Final = "concord_smoke_"
STOPS: Final = (signal.SIGINT, signal.SIGTERM)


class NotDropped(Exception):
    """Datasets were left behind; the text names them."""


def new_prefix() -> str:
    """Return the first part of the datasets' names; nobody else has it."""
    return PREFIX + secrets.token_hex(4)


@contextmanager
def dropped_afterwards(client: Client, prefix: str, say: Callable[[str], None]) -> Iterator[None]:
    """Drop every dataset of the prefix at the end, also after a failure, Ctrl-C or SIGTERM."""
    if not prefix.startswith(PREFIX) or len(prefix) <= len(PREFIX):
        raise ValueError(f"{prefix!r} could be the name of datasets that are needed")
    before = {number: signal.signal(number, signal.default_int_handler) for number in STOPS}
    try:
        yield
    finally:
        for number in STOPS:
            # A second Ctrl-C must not leave half of them.
            signal.signal(number, signal.SIG_IGN)
        try:
            _drop(client, prefix, say)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def datasets_of(client: Client, prefix: str) -> list[str]:
    """Return the names of the prefix's datasets."""
    names = sorted(dataset.dataset_id for dataset in client.list_datasets())
    return [name for name in names if name == prefix or name.startswith(prefix + "_")]


def _drop(client: Client, prefix: str, say: Callable[[str], None]) -> None:
    problems = []
    try:
        names = datasets_of(client, prefix)
    except (GoogleAPIError, GoogleAuthError) as error:
        raise NotDropped(
            f"the datasets {prefix}_* could not be listed, drop them by hand: {error}"
        ) from error
    for name in names:
        try:
            client.delete_dataset(name, delete_contents=True, not_found_ok=True)
        except (GoogleAPIError, GoogleAuthError) as error:
            problems.append(f"{name}: {error}")
    say(f"Dropped {len(names) - len(problems)} of {len(names)} datasets {prefix}*")
    if problems:
        raise NotDropped("drop these datasets by hand:\n" + "\n".join(problems))

"""A question before something that is hard to take back."""

from __future__ import annotations

import sys

import click


def is_confirmed(question: str, without_asking: str) -> bool:
    """Ask; without anybody to answer, say which option answers."""
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise click.UsageError(f"nobody answered; {without_asking}") from None

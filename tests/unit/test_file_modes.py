"""The modes of files, with and without a command around them."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from orchestrator.files import modes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def umask(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(modes, "_kept", [])
    before = os.umask(0o022)
    yield
    os.umask(before)


def made(path: Path) -> int:
    path.write_text("x", encoding="utf-8")
    return stat.S_IMODE(path.stat().st_mode)


def test_private_but_for_what_was_asked_for(tmp_path: Path) -> None:
    modes.write_privately()
    assert made(tmp_path / "state") == 0o600
    with modes.usual_modes():
        assert made(tmp_path / "usual") == 0o644
    assert made(tmp_path / "more") == 0o600
    folder = tmp_path / "result"
    folder.mkdir()
    assert made(folder / "rows") == 0o600
    modes.share(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert stat.S_IMODE((folder / "rows").stat().st_mode) == 0o644


def test_outside_of_a_command_the_shell_decides(tmp_path: Path) -> None:
    with modes.usual_modes():
        assert made(tmp_path / "a") == 0o644
    (tmp_path / "a").chmod(0o600)
    modes.share(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644
    assert made(tmp_path / "b") == 0o644

"""Port and token of a project's warehouse: kept, private, and nobody else's."""

from __future__ import annotations

import shutil
import socket
import stat
from typing import TYPE_CHECKING

import pytest

from orchestrator.local_warehouse.address import (
    Address,
    keep_address,
    owner_mark,
    owner_of,
    private_address,
    project_address,
    read_address,
    usual_port,
)
from orchestrator.local_warehouse.door.listener import listen
from orchestrator.local_warehouse.private_files import private_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_the_address_stays(tmp_path: Path) -> None:
    file = tmp_path / "address.json"
    first = project_address(file, tmp_path)
    assert first.port == usual_port(tmp_path)
    assert owner_of(first.token) == owner_mark(tmp_path)
    assert project_address(file, tmp_path) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # It runs elsewhere since the usual port was taken.
    keep_address(file, Address(40_000, first.token))
    assert project_address(file, tmp_path) == Address(40_000, first.token)


def test_a_copy_of_the_folder_gets_an_address_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    first = project_address(tmp_path / "one" / "address.json", tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    second = project_address(tmp_path / "two" / "address.json", tmp_path / "two")
    assert second.token != first.token
    assert second.port == usual_port(tmp_path / "two")


def test_tokens_cannot_be_guessed_or_seen() -> None:
    tokens = {private_address().token for _ in range(100)}
    assert len(tokens) == 100
    assert min(len(token) for token in tokens) > 40
    assert not any(token in repr(Address(0, token)) for token in tokens)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": 1}', '{"port": 1, "other": 2}'])
def test_a_file_that_is_none_counts_as_missing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "address.json"
    file.write_text(text, encoding="utf-8")
    assert read_address(file) is None
    assert project_address(file, tmp_path).token
    assert read_address(file) is not None


def test_two_listeners_never_share_a_port() -> None:
    with listen("127.0.0.1", []) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", [port]) as second:
            assert second.getsockname()[1] not in {0, port}
    # And the port is free at once for the next.
    with listen("127.0.0.1", [port]) as again:
        assert again.getsockname()[1] == port


def test_a_folder_is_shut_when_it_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    private_folder(tmp_path / "new" / "deeper")
    assert stat.S_IMODE((tmp_path / "new" / "deeper").stat().st_mode) == 0o700

    def refuse(self: Path, mode: int) -> None:
        raise PermissionError(f"{self} {mode}")

    folder.chmod(0o755)
    monkeypatch.setattr("pathlib.Path.chmod", refuse)
    private_folder(folder)


def test_answers_are_sent_at_once() -> None:
    """Else the kernel keeps the body of an answer back until the client has its headers."""
    with (
        listen("127.0.0.1", [0]) as listening,
        socket.create_connection(listening.getsockname()) as _,
    ):
        accepted, _address = listening.accept()
        with accepted:
            # What asyncio asks before it switches the delay off.
            assert accepted.proto == socket.IPPROTO_TCP
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0

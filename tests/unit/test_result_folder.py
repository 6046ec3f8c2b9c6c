"""Where `concord resolve` puts its result, and what it refuses before the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import InputError
from orchestrator.files import exchange
from orchestrator.files.exchange import exchange_folders
from orchestrator.resolve.result_folder import check_output, put_in_place, work_folder

if TYPE_CHECKING:
    from pathlib import Path


def result(folder: Path, content: str) -> Path:
    """Write the files of a result."""
    folder.mkdir()
    for name in ("clusters.parquet", "pairs.parquet"):
        (folder / name).write_text(content)
    return folder


def test_a_link_stays_and_the_folder_behind_it_is_replaced(tmp_path: Path) -> None:
    old = result(tmp_path / "2024", "old")
    (tmp_path / "latest").symlink_to(old)
    folder = check_output(tmp_path / "latest")
    put_in_place(result(tmp_path / "scratch", "new"), folder, {"records": 1})
    assert (tmp_path / "latest").is_symlink()
    assert (old / "clusters.parquet").read_text() == "new"
    assert {entry.name for entry in tmp_path.iterdir()} == {"2024", "latest", "scratch"}


def test_what_somebody_put_there_in_the_meantime_stays(tmp_path: Path) -> None:
    out = result(tmp_path / "out", "old")
    (out / "report.html").write_text("old")
    folder = check_output(out)
    (out / "notes.txt").write_text("mine")
    put_in_place(result(tmp_path / "scratch", "new"), folder, {})
    assert (out / "notes.txt").read_text() == "mine"
    assert not (out / "report.html").exists()


@pytest.mark.parametrize("has_exchange", [True, False])
def test_two_folders_change_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_exchange: bool
) -> None:
    if not has_exchange:
        monkeypatch.setattr(exchange, "_exchanged_by_linux", lambda *_: False)
    new, old = result(tmp_path / "new", "new"), result(tmp_path / "old", "old")
    exchange_folders(new, old)
    assert (old / "clusters.parquet").read_text() == "new"
    assert (new / "clusters.parquet").read_text() == "old"


def test_places_that_cannot_be_used_are_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for output in (
        tmp_path / "file",
        tmp_path / "file" / "out",
        tmp_path / "nowhere",
        tmp_path / "circle",
        tmp_path / ("x" * 300),
        tmp_path,
    ):
        with pytest.raises(InputError) as caught:
            check_output(output)
        assert caught.value.what_to_do
    for kept in (tmp_path / "file" / "kept", tmp_path / ("x" * 300), tmp_path):
        with pytest.raises(InputError, match=r"cannot be used|is not empty"), work_folder(kept):
            pass

"""The serving snapshot: what is in it, what is refused, and how somebody is found."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any, cast

import pytest

from orchestrator.errors import InputError, RunFailed
from orchestrator.forget.served_copies import renew_snapshots
from orchestrator.serving.build import build_snapshot
from orchestrator.serving.contents import FORMAT
from orchestrator.serving.holder import SnapshotHolder
from orchestrator.serving.lookup import Asked, find_entities, golden, survivor, understood
from orchestrator.serving.place import NEWEST, SnapshotPlace
from orchestrator.serving.search import MOST_CANDIDATES, search_names
from orchestrator.serving.snapshot import Snapshot
from orchestrator.serving.spoken import plain_words, sounds_of
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import (
    ACME,
    ANN,
    ANN_1,
    BOB,
    GONE,
    ROWS,
    WAS_ANN,
    PublishedSample,
    served_names,
)

if TYPE_CHECKING:
    from pathlib import Path
    from types import SimpleNamespace

    from orchestrator.bigquery.connect import Connection
    from orchestrator.files.state_files import FilesOnDisk
    from orchestrator.serving.place import SnapshotFile


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_folder=tmp_path / "state")


def write(settings: Settings, run_id: str = "r1", **changes: Any) -> SnapshotPlace:  # noqa: ANN401
    """Write a snapshot of the sample, and return the place where it is."""
    sample = cast("Connection", PublishedSample(settings, **changes))
    build_snapshot(sample, run_id, StepClock())
    return SnapshotPlace(settings)


def opened(place: SnapshotPlace, tmp_path: Path) -> Snapshot:
    """Open the newest snapshot of a place."""
    newest = place.newest()
    assert newest is not None
    return Snapshot(place.fetch(newest, tmp_path), newest)


@pytest.fixture
def snapshot(settings: Settings, tmp_path: Path) -> Snapshot:
    return opened(write(settings), tmp_path)


def test_every_row_comes_back_with_its_types(snapshot: Snapshot) -> None:
    assert (snapshot.run_id, snapshot.data_as_of) == ("r1", "2026-11-30T02:15:00Z")
    for name in served_names():
        assert len(snapshot.table(name)) == len(ROWS.get(name, [])), name
    (ann, _) = snapshot.table("dim_persons", "order by person_id")
    assert (ann["display_name"], ann["emails"]) == ("Ann Lee", ["ann.lee@lee.example"])
    (run,) = snapshot.table("fct_runs")
    assert (run["is_success"], run["started_at"]) == (True, "2026-11-30T02:15:00Z")


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({"record_id": ANN_1}, [(ANN, "certain")]),
        ({"source_id": "salesforce_contact:1"}, [(ANN, "certain")]),
        ({"entity_id": WAS_ANN}, [(ANN, "certain")]),
        ({"entity_id": GONE}, []),
        ({"email": " Ann.Lee@LEE.example "}, [(ANN, "likely")]),
        ({"email": "ann.lee+shop@lee.example", "name": "Lee, Ann"}, [(ANN, "certain")]),
        ({"email": "ann.lee@lee.example", "name": "Xaver Quartz"}, [(ANN, "possible")]),
        ({"phone": "020 7946 0199", "name": "Bob Mueller Ray"}, [(BOB, "likely")]),
        ({"domain": "https://www.ACME.example/about"}, [(ACME, "likely")]),
        ({"name": "bob muller"}, [(BOB, "possible")]),
        ({"email": "nobody@nowhere.example"}, []),
        ({"name": "..."}, []),
    ],
)
def test_who_is_meant(
    snapshot: Snapshot, known: dict[str, str], found: list[tuple[str, str]]
) -> None:
    answers = find_entities(snapshot, Asked(understood(known, "GB")))
    assert [(one.entity_id, one.confidence) for one in answers][: len(found) or None] == found
    assert all(one.why for one in answers)


def test_a_shared_number_is_that_of_several(snapshot: Snapshot) -> None:
    known = understood({"phone": "+44 (0)20 7946-0199"}, "US")
    both = find_entities(snapshot, Asked(known))
    assert {one.entity_id for one in both} == {ANN, BOB, ACME}
    assert {one.confidence for one in both} == {"possible"}
    (company,) = find_entities(snapshot, Asked(known, "company"))
    assert company.entity_id == ACME


def test_what_is_no_number_is_looked_for_as_it_is() -> None:
    assert understood({"phone": "ext. four", "name": "  Ann   Lee "}, "US") == {
        "phone": "ext. four",
        "name": "Ann Lee",
    }
    assert understood({"email": "  "}, "US") == {}
    assert understood({"email": "a.b+c@googlemail.com"}, "US") == {"email": "ab@gmail.com"}


def test_retired_ids(snapshot: Snapshot) -> None:
    alias, gone = survivor(snapshot, WAS_ANN), survivor(snapshot, GONE)
    assert alias is not None
    assert alias["entity_id"] == ANN
    assert gone is not None
    assert gone["entity_id"] is None
    assert survivor(snapshot, ANN) is None
    assert golden(snapshot, "company", ANN) is None


def test_names_are_found_as_written_and_as_they_sound(snapshot: Snapshot) -> None:
    assert [hit.entity_id for hit in search_names(snapshot, "mül")] == [BOB]
    assert next(hit.entity_id for hit in search_names(snapshot, "Anne Leigh Lee")) == ANN
    assert [hit.entity_id for hit in search_names(snapshot, "akme widgets")] == [ACME]
    assert search_names(snapshot, "akme widgets", "person") == []
    assert search_names(snapshot, '"; drop table names; --') == []
    assert len(search_names(snapshot, "lee leeds", limit=1)) == 1


@pytest.mark.parametrize(
    "name", ["김민수", "Андрей Йогов", "ガブリエル", "Άννα", "नन्दिनी", "Anna Weiß", "Łukasz"]
)
def test_names_in_every_script_are_found(settings: Settings, tmp_path: Path, name: str) -> None:
    person = {**ROWS["dim_persons"][0], "display_name": name}
    others = [{**person, "person_id": f"per_{n}", "display_name": "Anna Weiss"} for n in range(12)]
    place = write(settings, rows={**ROWS, "dim_persons": [person, *others]})
    hits = search_names(opened(place, tmp_path), name)
    assert ANN in [hit.entity_id for hit in hits]


def test_a_short_name_is_found_among_many_that_begin_like_it(
    settings: Settings, tmp_path: Path
) -> None:
    crowd = [
        {"person_id": f"per_{number}", "display_name": f"Lina Abel{number}", "n_records": 1}
        for number in range(2 * MOST_CANDIDATES)
    ]
    sought = {"person_id": "per_li", "display_name": "Mei Fen Li", "n_records": 1}
    place = write(settings, rows={**ROWS, "dim_persons": [*crowd, sought]})
    first, *others = search_names(opened(place, tmp_path), "li")
    assert (first.entity_id, len(others)) == ("per_li", 19)


def test_a_snapshot_of_two_nights_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    known = PublishedSample.get_table

    def get_table(self: PublishedSample, table_id: str) -> SimpleNamespace:
        asked.append(table_id)
        found = known(self, table_id)
        if asked.count(table_id) > 1:
            found.modified = found.modified.replace(year=2027)
        return found

    monkeypatch.setattr(PublishedSample, "get_table", get_table)
    with pytest.raises(RunFailed, match="was published anew meanwhile"):
        write(settings)
    assert SnapshotPlace(settings).newest() is None


def test_words_and_sounds() -> None:
    assert plain_words("Müller-Lüdenscheidt, Dr.") == ["muller", "ludenscheidt", "dr"]
    assert sounds_of("Meyer Maier") == "M600 M600"
    assert sounds_of("李 O") == ""


def test_a_table_that_is_not_published_is_named(settings: Settings) -> None:
    with pytest.raises(InputError, match=r"concord_published\.households is not there"):
        write(settings, missing="households")
    assert SnapshotPlace(settings).newest() is None


def test_a_snapshot_that_was_cut_off_is_refused(settings: Settings, tmp_path: Path) -> None:
    place = write(settings)
    newest = place.newest()
    assert newest is not None
    path = cast("FilesOnDisk", place.files).folder / newest.name
    assert place.fetch(newest, tmp_path).read_bytes() == path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    whole = path.read_bytes()
    for damaged in (whole[:-4096], whole[:-1] + bytes([whole[-1] ^ 1])):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match="is not whole"):
            place.fetch(newest, tmp_path)
    path.unlink()
    with pytest.raises(InputError, match="is not whole"):
        place.fetch(newest, tmp_path)


def test_a_snapshot_of_another_format_is_refused(settings: Settings, tmp_path: Path) -> None:
    snapshot = opened(write(settings), tmp_path)
    with sqlite3.connect(snapshot.path) as file:
        file.execute("update facts set value = '0' where name = 'format'")
    with pytest.raises(InputError, match=f"has format 0, known is {FORMAT}"):
        Snapshot(snapshot.path, snapshot.file)
    snapshot.path.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    with pytest.raises(InputError, match="cannot be read"):
        Snapshot(snapshot.path, snapshot.file)


def test_only_the_latest_are_kept(settings: Settings) -> None:
    for number in range(5):
        place = write(settings, run_id=f"r{number}")
    names = [name for name in place.files.names() if name != NEWEST]
    assert [name.rpartition("-")[2] for name in names] == ["r2.sqlite", "r3.sqlite", "r4.sqlite"]


def test_the_holder_goes_on_with_the_one_before(settings: Settings) -> None:
    place = SnapshotPlace(settings)
    holder = SnapshotHolder(place, refresh_seconds=60)
    assert not holder.refresh()
    assert not holder.is_ready
    with pytest.raises(InputError, match="there is no snapshot yet"):
        _ = holder.snapshot
    write(settings)
    assert holder.refresh()
    assert not holder.refresh()
    first = holder.snapshot
    write(settings, run_id="r2")
    newest = place.newest()
    assert newest is not None
    place.files.write(
        NEWEST, json.dumps({**json.loads(place.files.read(NEWEST) or ""), "bytes": 1})
    )
    assert not holder.refresh()
    assert "is not whole" in holder.problem
    assert holder.snapshot is first
    # It is not fetched again and again; a line that broke is tried again.
    fetched: list[str] = []

    def broken(file: SnapshotFile, scratch: Path) -> Path:
        fetched.append(file.name)
        raise ConnectionError("broken pipe")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "fetch", broken)
        assert not holder.refresh()
        assert fetched == []
        write(settings, run_id="r2b")
        assert not holder.refresh()
        assert not holder.refresh()
        assert len(fetched) == 2
    place.files.write(NEWEST, "{}")
    assert not holder.refresh()
    assert "damaged" in holder.problem
    write(settings, run_id="r3")
    assert holder.refresh()
    assert (holder.problem, holder.snapshot.run_id) == ("", "r3")
    # Whoever began an answer with the one before can end it.
    assert first.table("dim_persons")
    holder.stop()


def test_who_is_forgotten_is_in_no_snapshot(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older snapshots go when one without the person is there, and stay when it fails."""
    monkeypatch.setattr("orchestrator.forget.served_copies.last_published_run", lambda _: "r3")
    sample = cast("Connection", PublishedSample(settings))
    assert renew_snapshots(sample) == ""
    place = SnapshotPlace(settings)
    assert place.names() == []
    for run_id in ("r1", "r2"):
        build_snapshot(sample, run_id, StepClock())
    broken = cast("Connection", PublishedSample(settings, missing="dim_persons"))
    assert "dim_persons is not there" in renew_snapshots(broken)
    assert len(place.names()) == 2
    people = [row for row in ROWS["dim_persons"] if row["person_id"] != ANN]
    without = cast("Connection", PublishedSample(settings, {**ROWS, "dim_persons": people}))
    assert renew_snapshots(without) == ""
    newest = place.newest()
    assert newest is not None
    assert place.names() == [newest.name]

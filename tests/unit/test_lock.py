"""The lock: one holder, takeover, heartbeat, loss. On a file, and on Cloud Storage in memory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from pydantic import ValidationError

from orchestrator.errors import (
    EXIT_LOCKED,
    ConfigurationError,
    LockLost,
    RunLocked,
    WarehouseUnavailable,
)
from orchestrator.lock import hold, places
from orchestrator.lock.held import Clocks
from orchestrator.lock.hold import hold_lock, read_lock
from orchestrator.lock.places import CloudPlace, FilePlace, lock_place
from orchestrator.lock.state import LockState, parse_state
from orchestrator.settings.groups import LOCK_OBJECT_SECONDS, LockSettings
from orchestrator.settings.values import Settings
from tests.unit.gcs_fake import FakeStorage, client_of, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orchestrator.lock.places import LockPlace

    At = Callable[[LockPlace], LockPlace]

ROOT = Path(__file__).resolve().parents[2]
# Not before this process began: it would count as one that was given the number of a dead one.
START = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)


class Clock(Clocks):
    """Clocks that stand still until they are moved."""

    def __init__(self) -> None:
        self.now, self.seconds = START, 1000.0
        super().__init__(lambda: self.now, lambda: self.seconds)

    def move(self, seconds: float, *, which: str = "both") -> None:
        if which != "steady":
            self.now += timedelta(seconds=seconds)
        if which != "wall":
            self.seconds += seconds


@pytest.fixture
def storage() -> FakeStorage:
    return FakeStorage("locks")


@pytest.fixture
def address(storage: FakeStorage) -> Iterator[str]:
    with serving(storage) as address:
        yield address


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Return what makes a place the one of all settings."""

    def at(place: LockPlace) -> LockPlace:
        monkeypatch.setattr(hold, "lock_place", lambda _: place)
        return place

    return at


@pytest.fixture(params=["file", "cloud"])
def place(request: pytest.FixtureRequest, tmp_path: Path, at: At) -> LockPlace:
    if request.param == "file":
        return at(FilePlace(tmp_path / "state" / "lock.json"))
    client = client_of(request.getfixturevalue("address"))
    return at(CloudPlace("gs://locks/runs", "lock.json", client))


def settings_with(tmp_path: Path, **lock: object) -> Settings:
    quiet = {"heartbeat_seconds": 50.0, "lease_seconds": 120.0}
    return Settings(project_dir=tmp_path, lock=LockSettings.model_validate(quiet | lock))


@pytest.fixture
def quiet(tmp_path: Path) -> Settings:
    """Return settings under which no heartbeat falls into a test."""
    return settings_with(tmp_path)


def seen(place: LockPlace) -> LockState:
    state = parse_state(place.read()[0], place.name)
    assert state is not None
    return state


def wait_until(is_so: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_the_holder_is_written_down_and_gone_after_release(
    place: LockPlace, quiet: Settings
) -> None:
    assert read_lock(quiet) is None
    with hold_lock(quiet, "run-1", clocks=Clock()) as held:
        found = read_lock(quiet)
        assert found is not None
        assert found == held.state
        assert (found.run_id, found.host, found.pid) == ("run-1", socket.gethostname(), os.getpid())
        assert (found.since, found.expires_at) == (START, START + timedelta(seconds=120))
        assert not held.is_lost()
    assert read_lock(quiet) is None


def test_a_second_starter_is_told_who_holds_it(place: LockPlace, quiet: Settings) -> None:
    with hold_lock(quiet, "run-1", clocks=Clock()):
        with (
            pytest.raises(RunLocked) as caught,
            hold_lock(quiet, "run-2", clocks=Clock()),
        ):
            pass
        assert seen(place).run_id == "run-1"
    message = caught.value.message
    assert caught.value.exit_code == EXIT_LOCKED
    assert f"run run-1 has held the lock since {START:%Y-%m-%d %H:%M:%S} UTC" in message
    assert f"until {START + timedelta(seconds=120):%Y-%m-%d %H:%M:%S} UTC" in message
    assert str(os.getpid()) in message
    assert "wait" in caught.value.what_to_do


def test_the_token_grows_with_every_holder(place: LockPlace, quiet: Settings) -> None:
    clock = Clock()
    tokens = []
    for run in ("a", "b", "c"):
        with hold_lock(quiet, run, clocks=clock) as held:
            tokens.append(held.token)
        clock.move(-3600)
    assert tokens == sorted(set(tokens))
    assert len(tokens) == 3


def test_the_token_grows_after_somebody_removed_the_lock(
    tmp_path: Path, quiet: Settings, at: At
) -> None:
    at(FilePlace(tmp_path / "lock.json"))
    clock = Clock()
    with hold_lock(quiet, "a", clocks=clock) as held:
        first = held.token
    (tmp_path / "lock.json").unlink()
    clock.move(1)
    with hold_lock(quiet, "b", clocks=clock) as held:
        assert held.token > first


def test_a_stale_lock_is_taken_over_and_the_late_holder_refused(
    place: LockPlace, quiet: Settings
) -> None:
    clock = Clock()
    with ExitStack() as stack:
        late = stack.enter_context(hold_lock(quiet, "late", clocks=clock))
        clock.move(119)
        with pytest.raises(RunLocked), hold_lock(quiet, "early", clocks=clock):
            pass
        clock.move(1)
        if place.is_on_this_machine:
            assert not seen(place).is_holder_dead()
        new = stack.enter_context(hold_lock(quiet, "new", clocks=clock))
        assert new.token > late.token
        with pytest.raises(LockLost, match="late lost its lock") as caught:
            late.renew()
        assert caught.value.exit_code == EXIT_LOCKED
        late.release()
        assert seen(place) == new.state
        assert not seen(place).is_released
        new.renew()


def test_renewing_in_time_keeps_others_out(place: LockPlace, quiet: Settings) -> None:
    clock = Clock()
    with hold_lock(quiet, "a", clocks=clock) as held:
        clock.move(119)
        held.renew()
        clock.move(119)
        with pytest.raises(RunLocked), hold_lock(quiet, "b", clocks=clock):
            pass
        assert held.state.since == START


def test_a_holder_that_comes_late_but_first_keeps_its_lock(
    place: LockPlace, quiet: Settings
) -> None:
    clock = Clock()
    with hold_lock(quiet, "a", clocks=clock) as held:
        clock.move(500)
        held.renew()
        assert not held.is_lost()
        with pytest.raises(RunLocked), hold_lock(quiet, "b", clocks=clock):
            pass


def test_the_heartbeat_renews(place: LockPlace, tmp_path: Path) -> None:
    beating = settings_with(tmp_path, heartbeat_seconds=0.05, lease_seconds=30)
    with hold_lock(beating, "a") as held:
        first = held.state.expires_at
        wait_until(lambda: seen(place).expires_at > first + timedelta(seconds=0.1))
        assert not held.is_lost()
        threads = [one for one in threading.enumerate() if one.name.startswith("lock ")]
    assert {one.name for one in threads} >= {"lock heartbeat", "lock lease"}
    # Both end with the lock.
    wait_until(lambda: not any(one.is_alive() for one in threads))


def test_a_lock_that_was_taken_over_is_noticed(place: LockPlace, tmp_path: Path) -> None:
    beating = settings_with(tmp_path, heartbeat_seconds=0.05, lease_seconds=30)
    lost: list[LockLost] = []
    with hold_lock(beating, "a", on_lost=lost.append) as held:
        usurper = held.state.model_copy(update={"holder_id": "other", "run_id": "b"})
        # The heartbeat may write between reading and replacing.
        wait_until(lambda: place.replace(usurper.text, place.read()[1]) is not None)
        wait_until(held.is_lost)
        wait_until(lambda: lost)
        with pytest.raises(LockLost):
            held.renew()
    assert len(lost) == 1
    assert seen(place).run_id == "b"
    assert not seen(place).is_released


def test_twenty_threads_one_holder(place: LockPlace, quiet: Settings) -> None:
    barrier, done = threading.Barrier(20), threading.Event()
    tokens: list[int] = []

    def start(number: int) -> str:
        barrier.wait()
        try:
            with hold_lock(quiet, f"run-{number}") as held:
                tokens.append(held.token)
                done.wait(120)
                held.renew()
                return "held"
        except RunLocked:
            return "locked"

    with ThreadPoolExecutor(20) as pool:
        started = [pool.submit(start, number) for number in range(20)]
        wait_until(lambda: sum(future.done() for future in started) == 19)
        done.set()
        outcomes = [future.result() for future in started]
    assert sorted(outcomes) == ["held"] + ["locked"] * 19
    assert len(tokens) == 1


STARTER = """
import sys, time
from pathlib import Path
from orchestrator.errors import RunLocked
from orchestrator.lock.hold import hold_lock
from orchestrator.settings.values import Settings
settings = Settings(project_dir=Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
try:
    with hold_lock(settings, sys.argv[2]) as held:
        print("held", held.token, flush=True)
        sys.stdin.readline()
except RunLocked as error:
    print("locked", error.message, flush=True)
"""


def starter(folder: Path, run_id: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(folder), run_id],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_twenty_processes_one_holder(tmp_path: Path) -> None:
    processes = [starter(tmp_path, f"run-{number}") for number in range(20)]
    try:
        assert {line_of(process) for process in processes} == {"ready"}
        for process in processes:
            go(process)
        lines = [line_of(process) for process in processes]
        assert sorted(line.split()[0] for line in lines) == ["held"] + ["locked"] * 19
        winner = next(number for number, line in enumerate(lines) if line.startswith("held"))
        assert sum(f"run run-{winner} has held the lock" in line for line in lines) == 19
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def test_a_killed_holder_on_this_machine_is_taken_over_at_once(tmp_path: Path) -> None:
    first = starter(tmp_path, "killed")
    line_of(first)
    go(first)
    token = int(line_of(first).split()[1])
    first.kill()
    first.communicate()
    settings = settings_with(tmp_path)
    left_behind = read_lock(settings)
    assert left_behind is not None
    assert left_behind.run_id == "killed"
    assert left_behind.is_holder_dead()
    with hold_lock(settings, "next") as held:
        assert held.token > token


def test_in_the_cloud_a_process_number_says_nothing(address: str, quiet: Settings, at: At) -> None:
    place = at(CloudPlace("gs://locks", "lock.json", client_of(address)))
    clock = Clock()
    with hold_lock(quiet, "a", clocks=clock) as held:
        dead = held.state.model_copy(update={"pid": 2**22 + 1, "holder_id": "x"})
        assert dead.is_holder_dead()
        assert place.replace(dead.text, place.read()[1])
        with pytest.raises(RunLocked), hold_lock(quiet, "b", clocks=clock):
            pass


@pytest.mark.parametrize(
    ("changes", "is_dead"),
    [
        ({}, False),
        ({"pid": 2**22 + 1}, True),
        # The number was given to a process that is younger than the last sign of life.
        ({"renewed_at": START - timedelta(days=3650)}, True),
        ({"pid": 2**22 + 1, "host": "elsewhere"}, False),
        ({"pid": 2**22 + 1, "pid_space": "another container"}, False),
    ],
)
def test_when_a_holder_counts_as_dead(
    changes: dict[str, object], is_dead: bool, tmp_path: Path, quiet: Settings
) -> None:
    with hold_lock(quiet, "a") as held:
        assert held.state.model_copy(update=changes).is_holder_dead() is is_dead


@pytest.mark.parametrize("fault", [("after", 503), ("after", 0), ("before", 503), ("before", 0)])
def test_a_write_whose_answer_got_lost_happens_once(
    fault: tuple[str, int],
    storage: FakeStorage,
    address: str,
    quiet: Settings,
    at: At,
) -> None:
    place = at(CloudPlace("gs://locks", "lock.json", client_of(address)))
    storage.faults.append(fault)
    with hold_lock(quiet, "a", clocks=Clock()) as held:
        assert seen(place) == held.state
        storage.faults.append(fault)
        held.renew()
        assert seen(place) == held.state
        storage.faults.append(fault)
    assert seen(place).is_released
    assert not storage.faults


class Place:
    """A lock in memory that answers, fails or hangs as it is told, and counts the writes."""

    name = "memory"
    is_on_this_machine = False

    def __init__(self) -> None:
        self.text, self.writes = "", 0
        self.problem: Exception | None = None
        self.goes_on = threading.Event()
        self.goes_on.set()

    def read(self) -> tuple[str, str]:
        return self.text, self.text

    def replace(self, text: str, version: str) -> str | None:
        self.writes += 1
        assert self.goes_on.wait(120)
        if self.problem is not None:
            raise self.problem
        if version != self.text:
            return None
        self.text = text
        return text


@pytest.mark.parametrize("which", ["both", "wall", "steady"])
def test_a_place_that_does_not_answer_is_borne_until_shortly_before_the_lease_ends(
    tmp_path: Path, at: At, which: str
) -> None:
    place, clock = Place(), Clock()
    at(place)
    lost: list[LockLost] = []
    beating = settings_with(tmp_path, heartbeat_seconds=0.05, lease_seconds=30)
    # A heartbeat and a request to the place before others may take it.
    assert beating.lock.margin_seconds == pytest.approx(2.05)
    with hold_lock(beating, "a", clocks=clock, on_lost=lost.append) as held:
        place.problem = TimeoutError("no answer")

        def beat_in_vain() -> None:
            writes = place.writes
            wait_until(lambda: place.writes > writes + 1)

        beat_in_vain()
        clock.move(27.9, which=which)
        beat_in_vain()
        held.require()
        held.confirm()
        assert not held.is_lost()
        clock.move(0.1, which=which)
        wait_until(lambda: lost)
        assert held.is_lost()
        assert clock.now < held.state.expires_at, "given up before others may take it"
        for ask in (held.require, held.confirm, held.renew):
            with pytest.raises(LockLost, match=r"could not be renewed: .*no answer"):
                ask()


def test_a_place_that_hangs_does_not_hold_up_the_end_of_the_lease(tmp_path: Path, at: At) -> None:
    place, clock = Place(), Clock()
    at(place)
    lost: list[LockLost] = []
    beating = settings_with(tmp_path, heartbeat_seconds=0.05, lease_seconds=30)
    with hold_lock(beating, "a", clocks=clock, on_lost=lost.append):
        place.goes_on.clear()
        writes = place.writes
        wait_until(lambda: place.writes > writes)
        # The heartbeat waits for an answer that does not come.
        clock.move(28)
        wait_until(lambda: lost)
        place.goes_on.set()


def test_a_renewed_lease_lasts_from_the_moment_it_was_asked_for(
    tmp_path: Path,
    at: At,
) -> None:
    place, clock = Place(), Clock()
    at(place)
    quiet = settings_with(tmp_path)
    with hold_lock(quiet, "a", clocks=clock) as held:
        whole = held.seconds_left
        clock.move(20)
        assert held.seconds_left == whole - 20
        place.goes_on.clear()
        renewing = threading.Thread(target=held.renew)
        renewing.start()
        wait_until(lambda: place.writes == 2)
        clock.move(7)
        place.goes_on.set()
        renewing.join()
        assert held.seconds_left == whole - 7


def test_the_token_of_another_holder_decides(tmp_path: Path, at: At) -> None:
    place, clock = Place(), Clock()
    at(place)
    with hold_lock(settings_with(tmp_path), "a", clocks=clock) as held:
        held.confirm()
        other = held.state.model_copy(
            update={"holder_id": "other", "run_id": "b", "token": held.token + 1}
        )
        place.text = other.text
        # Nothing but the place knows of it yet.
        held.require()
        with pytest.raises(
            LockLost, match=f"run b took it over, .*token {held.token + 1} after {held.token}"
        ):
            held.confirm()
        assert parse_state(place.text, "") == other


def test_a_busy_file_is_no_lost_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: At
) -> None:
    monkeypatch.setattr("orchestrator.lock.places.GUARD_SECONDS", 0.01)
    at(FilePlace(tmp_path / "lock.json"))
    with hold_lock(settings_with(tmp_path), "a") as held:
        with FileLock(tmp_path / "lock.json.guard"):
            with pytest.raises(WarehouseUnavailable, match="others were writing"):
                held.renew()
            held.confirm()
        held.renew()


def test_releasing_never_raises(
    storage: FakeStorage, address: str, quiet: Settings, at: At
) -> None:
    at(CloudPlace("gs://locks", "lock.json", client_of(address)))
    with hold_lock(quiet, "a", clocks=Clock()):
        storage.buckets.clear()


def test_a_missing_bucket_is_a_wrong_setting(address: str, quiet: Settings, at: At) -> None:
    at(CloudPlace("gs://nowhere", "lock.json", client_of(address)))
    with (
        pytest.raises(ConfigurationError, match=r"gs://nowhere/lock\.json") as caught,
        hold_lock(quiet, "a"),
    ):
        pass
    assert "CONCORD_LOCK_PLACE" in caught.value.what_to_do


def test_a_place_that_is_down_is_transient(
    storage: FakeStorage,
    address: str,
    quiet: Settings,
    monkeypatch: pytest.MonkeyPatch,
    at: At,
) -> None:
    monkeypatch.setattr("orchestrator.lock.places.RETRY_SECONDS", 0.1)
    at(CloudPlace("gs://locks", "lock.json", client_of(address)))
    storage.is_down = True
    with pytest.raises(WarehouseUnavailable, match="cannot be used"):
        read_lock(quiet)


def test_an_unreadable_lock_is_named(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, place=str(tmp_path))
    (tmp_path / "lock-concord-local.concord.json").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"local\.concord\.json is not readable"):
        read_lock(settings)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = settings_with(tmp_path, place=str(tmp_path / "file"))
    with pytest.raises(WarehouseUnavailable, match="cannot be used"), hold_lock(settings, "a"):
        pass


def test_the_settings_name_the_place(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = lock_place(settings_with(tmp_path))
    assert default.name == str(tmp_path / ".concord" / "lock-concord-local.concord.json")
    monkeypatch.setattr(places, "cloud_storage", lambda _: client_of(address))
    cloud = lock_place(settings_with(tmp_path, place="gs://locks/a/"))
    assert cloud.name == "gs://locks/a/lock-concord-local.concord.json"


def test_the_lock_is_of_a_dataset_in_a_project_whatever_the_target(tmp_path: Path) -> None:
    def name(**changes: object) -> str:
        return lock_place(Settings(project_dir=tmp_path).with_changes(**changes)).name

    assert name(target="dev") == name(target="prod")
    assert name(project="one") != name(project="two")
    assert name(dataset="one") != name(dataset="two")
    # Neither is the end of one the beginning of the other.
    assert name(project="a", dataset="b_c") != name(project="a_b", dataset="c")


@pytest.mark.parametrize(("place", "least"), [("", 42.0), ("gs://bucket/locks", 48.0)])
def test_a_lease_that_leaves_no_time_to_stop_is_refused(place: str, least: float) -> None:
    LockSettings(place=place, lease_seconds=least, heartbeat_seconds=20)
    with pytest.raises(ValidationError, match=f"two heartbeats .* {least:g} s in all"):
        LockSettings(place=place, lease_seconds=least - 0.1, heartbeat_seconds=20)


def test_requests_to_a_bucket_end_within_what_the_lease_allows_for() -> None:
    assert places.REQUEST_SECONDS + places.RETRY_SECONDS <= LOCK_OBJECT_SECONDS


def test_the_lease_is_over_at_the_very_moment_it_ends(tmp_path: Path, at: At) -> None:
    place, clock = Place(), Clock()
    at(place)
    with hold_lock(settings_with(tmp_path), "a", clocks=clock) as held:
        clock.move(held.seconds_left - 0.5)
        held.require()
        clock.move(0.5)
        assert held.seconds_left == 0
        with pytest.raises(LockLost, match="could not be renewed: no heartbeat came through"):
            held.require()


def test_a_lock_that_was_given_back_is_lost_to_nobody(tmp_path: Path, at: At) -> None:
    place, clock = Place(), Clock()
    at(place)
    lost: list[LockLost] = []
    with hold_lock(settings_with(tmp_path), "a", clocks=clock, on_lost=lost.append) as held:
        pass
    # A beat that was on its way while the run ended.
    held._give_up(LockLost("late", ""))
    assert lost == []
    assert not held.is_lost()


def test_the_run_is_told_once_and_what_happened(tmp_path: Path, at: At) -> None:
    place, clock = Place(), Clock()
    at(place)
    lost: list[LockLost] = []
    with hold_lock(settings_with(tmp_path), "a", clocks=clock, on_lost=lost.append) as held:
        first = LockLost("run a lost its lock: first", "")
        held._give_up(first)
        held._give_up(LockLost("second", ""))
        assert lost == [first]
        with pytest.raises(LockLost, match="first"):
            held.require()
    # What another run may hold by now is not given back.
    assert not seen(place).is_released


class Blob:
    """An object that notes with what it is asked for."""

    generation = 7

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def download_as_bytes(self, **options: Any) -> bytes:  # noqa: ANN401
        self.asked.append(options)
        return b"text"

    def upload_from_string(self, text: str, **options: Any) -> None:  # noqa: ANN401
        self.asked.append(options)


def test_no_request_to_a_bucket_waits_longer_than_the_lease_allows_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = Blob()
    client = SimpleNamespace(bucket=lambda _: SimpleNamespace(blob=lambda _: blob))
    settings = settings_with(tmp_path, place="gs://locks")

    def storage_of(asked: Settings) -> object:
        assert asked is settings
        return client

    monkeypatch.setattr(places, "cloud_storage", storage_of)
    place = lock_place(settings)
    assert place.read() == ("text", 7)
    assert place.replace("new", 7) == 7
    assert len(blob.asked) == 2
    for options in blob.asked:
        assert options["timeout"] == places.REQUEST_SECONDS
        assert options["retry"]._timeout == places.RETRY_SECONDS
    # Only while nobody else has written it.
    assert blob.asked[1]["if_generation_match"] == 7


def test_what_cannot_be_used_is_called_by_its_name(
    tmp_path: Path, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place()
    at(place)

    def broken() -> tuple[str, str]:
        raise OSError("disk")

    place.read = broken  # type: ignore[method-assign]
    with pytest.raises(WarehouseUnavailable, match="the lock memory cannot be used"):
        read_lock(settings_with(tmp_path))

    def refuse(_: Settings) -> None:
        raise OSError("no credentials")

    monkeypatch.setattr(places, "cloud_storage", refuse)
    with pytest.raises(WarehouseUnavailable, match="the lock gs://locks cannot be used"):
        lock_place(settings_with(tmp_path, place="gs://locks"))

"""dbt inside the process, on a project that needs no warehouse."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import dbt.cli.main
import pytest

from orchestrator.dbt.manifest_part import write_part
from orchestrator.dbt.parse_cache import DBT_FILE, ParseCache
from orchestrator.dbt.runner import DbtRunner, failed_nodes_text
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from orchestrator.dbt.events import NodeStarted

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings for a project of one model."""
    (tmp_path / "dbt_project.yml").write_text(
        "name: concord\nversion: '1.0'\nprofile: concord\nmodel-paths: [models]\n", encoding="utf-8"
    )
    (tmp_path / "profiles.yml").write_bytes((ROOT / "profiles.yml").read_bytes())
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.sql").write_text(
        "select '{{ env_var(\"CONCORD_SOURCES\") }}' as x", encoding="utf-8"
    )
    return Settings(project_dir=tmp_path, sources=("files",), warehouse_url="http://127.0.0.1:1")


class FakeDbt:
    """Stands in for dbtRunner: plays a script of events, then gives an outcome."""

    outcome = SimpleNamespace(success=True, exception=None)
    action = staticmethod(lambda: None)
    commands: list[list[str]] = []  # noqa: RUF012 - one script at a time

    def __init__(self, manifest: object, callbacks: list[object]) -> None:
        assert manifest is None
        self._callbacks = callbacks

    def invoke(self, command: list[str]) -> SimpleNamespace:
        """Play the script."""
        type(self).commands.append(command)
        for index in (1, 2):
            event = SimpleNamespace(
                info=SimpleNamespace(name="LogStartLine"),
                data=SimpleNamespace(description=f"model {index}", index=index, total=2),
            )
            for callback in self._callbacks:
                callback(event)  # type: ignore[operator]
        try:
            self.action()
        except KeyboardInterrupt as error:
            return SimpleNamespace(success=False, exception=error)
        return self.outcome


@pytest.fixture
def fake_dbt(monkeypatch: pytest.MonkeyPatch) -> type[FakeDbt]:
    """Put the stand-in in dbt's place."""
    fake = type("Fake", (FakeDbt,), {"commands": []})
    monkeypatch.setattr(dbt.cli.main, "dbtRunner", fake)
    return fake


def test_real_parse_sees_the_settings_and_leaves_the_environment_alone(settings: Settings) -> None:
    before = dict(os.environ)
    runner = DbtRunner(settings)
    first = runner.invoke("parse")
    assert first.is_success, first.problem
    assert "one" in (first.target_path / "manifest.json").read_text(encoding="utf-8")
    assert dict(os.environ) == before
    assert runner.invoke("parse").target_path != first.target_path


def test_parsing_is_kept_for_other_commands_with_the_same_settings(settings: Settings) -> None:
    parsed = settings.state_dir / "parsed"
    assert DbtRunner(settings).invoke("parse").is_success
    [first] = parsed.iterdir()
    written = first.stat().st_mtime_ns

    # A private warehouse: another address, another folder to work in. dbt parses nothing anew.
    elsewhere = settings.with_changes(warehouse_url="http://127.0.0.1:2")
    assert DbtRunner(elsewhere, settings.project_dir / "work").invoke("parse").is_success
    assert [(file, file.stat().st_mtime_ns) for file in parsed.iterdir()] == [(first, written)]

    (settings.project_dir / "models" / "one.sql").write_text("select 2 as x", encoding="utf-8")
    changed = DbtRunner(elsewhere).invoke("parse")
    assert "select 2" in (changed.target_path / "manifest.json").read_text(encoding="utf-8")
    assert first.stat().st_mtime_ns > written

    other = DbtRunner(settings.with_changes(sources=("gmail",)))
    assert other.invoke("parse").is_success
    assert len(list(parsed.iterdir())) == 2


def test_dbt_takes_a_part_of_what_was_parsed(settings: Settings, tmp_path: Path) -> None:
    (settings.project_dir / "models" / "two.sql").write_text("select 2 as x", encoding="utf-8")
    everything = DbtRunner(settings).invoke("ls", "--output", "name")
    part = tmp_path / "part.msgpack"
    write_part(ParseCache(settings).path, {"model.concord.two"}, part)
    runner = DbtRunner(settings, part=part)
    assert everything.listed == ("one", "two")
    assert runner.invoke("ls", "--output", "name").listed == ("two",)


def test_few_parsed_projects_are_kept(settings: Settings, tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / DBT_FILE).write_bytes(b"x")
        ParseCache(settings.with_changes(dataset=f"d{number}")).keep(tmp_path)
    assert len(list((settings.state_dir / "parsed").iterdir())) == 6


def test_a_broken_project_and_a_wrong_option_are_results(settings: Settings) -> None:
    runner = DbtRunner(settings)
    usage = runner.invoke("build", "--no-such-option")
    assert (usage.is_success, usage.nodes) == (False, None)
    assert "no-such-option" in failed_nodes_text(usage)
    (settings.project_dir / "models" / "two.sql").write_text("{{ ref('missing') }}")
    broken = runner.invoke("parse")
    assert not broken.is_success
    assert "missing" in broken.problem


def test_every_attempt_has_a_target_path(settings: Settings, fake_dbt: type[FakeDbt]) -> None:
    runner = DbtRunner(settings)
    paths = [runner.invoke("build").target_path for _ in range(3)]
    assert len(set(paths)) == 3
    assert all(f"{path}" in command for path, command in zip(paths, fake_dbt.commands, strict=True))


def test_progress_arrives_in_order(settings: Settings, fake_dbt: type[FakeDbt]) -> None:
    seen: list[NodeStarted] = []
    assert DbtRunner(settings, on_node=seen.append).invoke("build").is_success
    assert [(node.index, node.total, node.description) for node in seen] == [
        (1, 2, "model 1"),
        (2, 2, "model 2"),
    ]


def test_a_listener_that_raises_harms_nothing(settings: Settings, fake_dbt: type[FakeDbt]) -> None:
    def fail(_node: NodeStarted) -> None:
        raise ValueError("display is gone")

    assert DbtRunner(settings, on_node=fail).invoke("build").is_success


def test_sigterm_ends_dbt_like_ctrl_c(settings: Settings, fake_dbt: type[FakeDbt]) -> None:
    def terminate() -> None:
        signal.raise_signal(signal.SIGTERM)
        time.sleep(5)

    before = signal.getsignal(signal.SIGTERM)
    fake_dbt.action = staticmethod(terminate)
    result = DbtRunner(settings).invoke("build")
    assert (result.is_interrupted, result.is_success) == (True, False)
    assert signal.getsignal(signal.SIGTERM) is before

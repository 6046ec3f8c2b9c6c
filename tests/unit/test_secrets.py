"""Secrets: names, the cache, rotation, and what is said when one cannot be read."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from google.api_core.exceptions import (
    FailedPrecondition,
    GoogleAPICallError,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    ServiceUnavailable,
)
from pydantic import SecretStr

from orchestrator.errors import ConfigurationError, WarehouseUnavailable
from orchestrator.settings.groups import ApiSettings
from orchestrator.settings.secrets import SecretReader
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from google.cloud.secretmanager import SecretManagerServiceClient

HOOK = "projects/shop/secrets/hook/versions/latest"


class FakeSecretManager:
    """Secret Manager in memory, as far as reading goes."""

    def __init__(self, **values: str) -> None:
        self.values = {f"projects/shop/secrets/{name}": value for name, value in values.items()}
        self.calls: list[str] = []
        self.error: GoogleAPICallError | None = None
        self.seconds = 0.0
        self._counting = threading.Lock()

    def access_secret_version(self, *, name: str, timeout: float) -> SimpleNamespace:
        assert timeout > 0
        with self._counting:
            self.calls.append(name)
        time.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        secret = name.partition("/versions/")[0]
        if secret not in self.values:
            raise NotFound(f"Secret [{secret}] not found or has no versions.")
        data = self.values[secret].encode()
        return SimpleNamespace(name=name, payload=SimpleNamespace(data=data))


class Timer:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def manager() -> FakeSecretManager:
    return FakeSecretManager(hook="https://example.test/a")


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def reader(tmp_path: Path, manager: FakeSecretManager, timer: Timer) -> SecretReader:
    settings = Settings(
        project="shop", project_dir=tmp_path, api=ApiSettings(secret_ttl_seconds=300)
    )
    return SecretReader(settings, cast("SecretManagerServiceClient", manager), timer)


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("secret://hook", HOOK),
        ("secret://hook/versions/3", "projects/shop/secrets/hook/versions/3"),
        ("secret://projects/shop/secrets/hook", HOOK),
        (
            "secret://projects/shop/secrets/hook/versions/7",
            "projects/shop/secrets/hook/versions/7",
        ),
    ],
)
def test_names_are_completed(
    value: str, asked: str, reader: SecretReader, manager: FakeSecretManager
) -> None:
    assert reader.resolve(SecretStr(value)) == "https://example.test/a"
    assert manager.calls == [asked]


def test_a_value_that_names_no_secret_is_the_value(
    reader: SecretReader, manager: FakeSecretManager
) -> None:
    assert reader.resolve(SecretStr("slack://token")) == "slack://token"
    assert reader.refresh("slack://token") == "slack://token"
    assert manager.calls == []


def test_a_line_break_at_the_end_is_no_part_of_it(
    reader: SecretReader, manager: FakeSecretManager
) -> None:
    manager.values["projects/shop/secrets/hook"] = " a b \n"
    assert reader.resolve("secret://hook") == " a b "


def test_a_secret_is_read_again_when_it_has_aged(
    reader: SecretReader, manager: FakeSecretManager, timer: Timer
) -> None:
    assert reader.resolve("secret://hook") == "https://example.test/a"
    manager.values["projects/shop/secrets/hook"] = "new"
    timer.now = 299
    assert reader.resolve("secret://hook") == "https://example.test/a"
    timer.now = 301
    assert reader.resolve("secret://hook") == "new"
    assert len(manager.calls) == 2


def test_refresh_reads_at_once(reader: SecretReader, manager: FakeSecretManager) -> None:
    reader.resolve("secret://hook")
    manager.values["projects/shop/secrets/hook"] = "new"
    assert reader.refresh(SecretStr("secret://hook")) == "new"
    assert reader.resolve("secret://hook") == "new"
    assert len(manager.calls) == 2


def test_many_threads_ask_once(reader: SecretReader, manager: FakeSecretManager) -> None:
    manager.seconds = 0.1
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(reader.resolve, ["secret://hook"] * 8))
    assert set(found) == {"https://example.test/a"}
    assert len(manager.calls) == 1


@pytest.mark.parametrize(
    "error", [NotFound("gone"), PermissionDenied("no"), FailedPrecondition("DISABLED state")]
)
def test_a_secret_that_cannot_be_read_is_a_wrong_setting(
    error: GoogleAPICallError, reader: SecretReader, manager: FakeSecretManager
) -> None:
    manager.error = error
    with pytest.raises(ConfigurationError, match=HOOK) as caught:
        reader.resolve("secret://hook")
    assert "roles/secretmanager.secretAccessor" in caught.value.what_to_do
    manager.error = None
    assert reader.resolve("secret://hook"), "a failure is not kept"


@pytest.mark.parametrize("error", [ServiceUnavailable("away"), ResourceExhausted("too many")])
def test_a_service_that_is_away_is_transient(
    error: GoogleAPICallError, reader: SecretReader, manager: FakeSecretManager
) -> None:
    manager.error = error
    with pytest.raises(WarehouseUnavailable, match="did not answer"):
        reader.resolve("secret://hook")

"""Secrets: names, and what is said when one cannot be read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from google.api_core.exceptions import (
    FailedPrecondition,
    GoogleAPICallError,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    ServiceUnavailable,
)
from google.auth.credentials import AnonymousCredentials
from google.cloud import secretmanager

from orchestrator.bigquery import secrets
from orchestrator.bigquery.secrets import read_secret
from orchestrator.errors import ConfigurationError, WarehouseUnavailable
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path

HOOK = "projects/shop/secrets/hook/versions/latest"


class FakeSecretManager:
    """Secret Manager in memory, as far as reading goes."""

    def __init__(self, **values: str) -> None:
        self.values = {f"projects/shop/secrets/{name}": value for name, value in values.items()}
        self.calls: list[str] = []
        self.error: GoogleAPICallError | None = None

    def access_secret_version(self, *, name: str, timeout: float) -> SimpleNamespace:
        assert timeout > 0
        self.calls.append(name)
        if self.error is not None:
            raise self.error
        secret = name.partition("/versions/")[0]
        if secret not in self.values:
            raise NotFound(f"Secret [{secret}] not found or has no versions.")
        data = self.values[secret].encode()
        return SimpleNamespace(name=name, payload=SimpleNamespace(data=data))


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> FakeSecretManager:
    manager = FakeSecretManager(hook="https://example.test/a")
    monkeypatch.setattr(secretmanager, "SecretManagerServiceClient", lambda **_: manager)
    monkeypatch.setattr(secrets, "google_credentials", lambda _: AnonymousCredentials())
    return manager


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(project="shop", project_dir=tmp_path)


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
    value: str, asked: str, settings: Settings, manager: FakeSecretManager
) -> None:
    assert read_secret(settings, value) == "https://example.test/a"
    assert manager.calls == [asked]


def test_a_value_that_names_no_secret_is_the_value(
    settings: Settings, manager: FakeSecretManager
) -> None:
    assert read_secret(settings, "slack://token") == "slack://token"
    assert manager.calls == []


def test_a_line_break_at_the_end_is_no_part_of_it(
    settings: Settings, manager: FakeSecretManager
) -> None:
    manager.values["projects/shop/secrets/hook"] = " a b \n"
    assert read_secret(settings, "secret://hook") == " a b "


@pytest.mark.parametrize(
    "error", [NotFound("gone"), PermissionDenied("no"), FailedPrecondition("DISABLED state")]
)
def test_a_secret_that_cannot_be_read_is_a_wrong_setting(
    error: GoogleAPICallError, settings: Settings, manager: FakeSecretManager
) -> None:
    manager.error = error
    with pytest.raises(ConfigurationError, match=HOOK) as caught:
        read_secret(settings, "secret://hook")
    assert "roles/secretmanager.secretAccessor" in caught.value.what_to_do


@pytest.mark.parametrize("error", [ServiceUnavailable("away"), ResourceExhausted("too many")])
def test_a_service_that_is_away_is_transient(
    error: GoogleAPICallError, settings: Settings, manager: FakeSecretManager
) -> None:
    manager.error = error
    with pytest.raises(WarehouseUnavailable, match="did not answer"):
        read_secret(settings, "secret://hook")

"""One account for everything: what the settings name, dbt and every client of Google are."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import google.auth
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dbt.adapters.bigquery import credentials as of_dbt
from google.auth.impersonated_credentials import Credentials as Impersonated
from google.cloud import secretmanager
from google.oauth2.credentials import Credentials as UserCredentials
from google.oauth2.service_account import Credentials as KeyCredentials

from orchestrator.bigquery.connect import connect
from orchestrator.bigquery.credentials import google_credentials
from orchestrator.bigquery.secrets import read_secret
from orchestrator.errors import ConfigurationError
from orchestrator.files.state_files import FilesInBucket, open_run_files
from orchestrator.lock.places import CloudPlace, lock_place
from orchestrator.metrics.send import _google_session
from orchestrator.settings.groups import LockSettings, RunLogSettings
from orchestrator.settings.values import Settings, load_settings
from tests.unit.test_profiles import rendered_profile

if TYPE_CHECKING:
    from pathlib import Path

RUNNER = "runner@example.test"
BUCKET = "gs://bucket/folder"


@pytest.fixture
def keyfile(tmp_path: Path) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "key.json"
    facts = {
        "type": "service_account",
        "client_email": "keeper@example.test",
        "private_key": text.decode(),
        "token_uri": "http://127.0.0.1:9/token",
    }
    path.write_text(json.dumps(facts), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("CONCORD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(tmp_path))
    monkeypatch.setattr(google.auth, "default", lambda scopes: (UserCredentials("t"), "p"))
    monkeypatch.setattr(of_dbt, "default", lambda scopes: (UserCredentials("t"), "p"))
    of_dbt._create_bigquery_defaults.cache_clear()


def account(credentials: Any) -> tuple[str, str, str | None]:  # noqa: ANN401 - google.auth has no types
    """Return what tells one account from another."""
    name = getattr(credentials, "service_account_email", "") or ""
    if isinstance(credentials, Impersonated):
        name = f"{credentials._target_principal} by {account(credentials._source_credentials)[1]}"
    return type(credentials).__name__, name, credentials.quota_project_id


CHOICES: list[dict[str, str]] = [
    {},
    {"CONCORD_IMPERSONATE_SERVICE_ACCOUNT": RUNNER},
    {"CONCORD_KEYFILE": "KEY"},
    {"CONCORD_KEYFILE": "KEY", "CONCORD_AUTH_METHOD": "service-account"},
    {"CONCORD_KEYFILE": "KEY", "CONCORD_AUTH_METHOD": "oauth"},
    {"CONCORD_KEYFILE": "KEY", "CONCORD_IMPERSONATE_SERVICE_ACCOUNT": RUNNER},
    {"CONCORD_QUOTA_PROJECT": "payer"},
    {"CONCORD_KEYFILE": "KEY", "CONCORD_QUOTA_PROJECT": "payer"},
]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: "+".join(choice) or "default")
def test_dbt_and_the_wrapper_are_one_account(
    choice: dict[str, str], keyfile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in choice.items():
        monkeypatch.setenv(name, value.replace("KEY", str(keyfile)))
    settings = load_settings(target="prod")
    output = rendered_profile(settings.environment())["prod"]
    values = {key: value for key, value in output.items() if key not in {"type", "threads"}}
    kind = of_dbt.BigQueryCredentials
    profile = kind.from_dict(kind.translate_aliases(values))
    expected: Any = of_dbt.create_google_credentials(profile)
    if profile.quota_project:
        expected = expected.with_quota_project(profile.quota_project)
    assert account(google_credentials(settings)) == account(expected)
    assert account(connect(settings).client._credentials) == account(expected)


class Asked:
    """Secret Manager that notes who asks."""

    credentials: object = None

    def __call__(self, *, credentials: object) -> Asked:
        self.credentials = credentials
        return self

    def access_secret_version(self, **_: object) -> SimpleNamespace:
        return SimpleNamespace(payload=SimpleNamespace(data=b"value"))


def test_every_client_is_that_account(
    keyfile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(
        project_dir=tmp_path,
        target="prod",
        keyfile=keyfile,
        impersonate_service_account=RUNNER,
        quota_project="payer",
        lock=LockSettings(place=BUCKET),
        runlog=RunLogSettings(place=BUCKET),
    )
    expected = ("Credentials", f"{RUNNER} by keeper@example.test", "payer")
    files = open_run_files(settings)
    place = lock_place(settings)
    assert isinstance(files, FilesInBucket)
    assert isinstance(place, CloudPlace)
    connection = connect(settings)
    asked = Asked()
    monkeypatch.setattr(secretmanager, "SecretManagerServiceClient", asked)
    read_secret(settings, "secret://hook")
    for used in (
        connection.client._credentials,
        connection.storage_reader()._transport._credentials,
        place._bucket.client._credentials,
        files.bucket.client._credentials,
        asked.credentials,
        _google_session(settings).credentials,
    ):
        assert account(used) == expected


def test_the_local_target_is_nobody(keyfile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_KEYFILE", str(keyfile))
    monkeypatch.setenv("CONCORD_IMPERSONATE_SERVICE_ACCOUNT", RUNNER)
    local = rendered_profile(load_settings().environment())["local"]
    assert not local["impersonate_service_account"]
    assert not local["keyfile"]
    assert local["method"] == "oauth-secrets"


@pytest.mark.parametrize("text", ["", "{", '{"type": "service_account"}', '{"private_key": "s3"}'])
def test_a_key_file_that_is_none(text: str, keyfile: Path, tmp_path: Path) -> None:
    keyfile.write_text(text, encoding="utf-8")
    settings = Settings(project_dir=tmp_path, target="prod", keyfile=keyfile)
    with pytest.raises(ConfigurationError, match="holds no usable key") as caught:
        google_credentials(settings)
    assert "s3" not in caught.value.message
    keyfile.unlink()
    with pytest.raises(ConfigurationError, match="No such file"):
        google_credentials(settings)


def test_a_method_without_its_key_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCORD_AUTH_METHOD", "service-account")
    with pytest.raises(ConfigurationError, match=r"CONCORD_AUTH_METHOD .* CONCORD_KEYFILE"):
        load_settings()


def test_without_a_choice_a_key_of_the_type_is_used(keyfile: Path, tmp_path: Path) -> None:
    settings = Settings(project_dir=tmp_path, keyfile=keyfile)
    assert isinstance(google_credentials(settings), KeyCredentials)

"""All settings. The only module that reads or writes the process environment."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from orchestrator.errors import ConfigurationError
from orchestrator.settings.groups import (
    AlertSettings,
    ApiSettings,
    BackupSettings,
    LimitSettings,
    LockSettings,
    LogSettings,
    MaxSettings,
    MetricsSettings,
    RetentionSettings,
    RetrySettings,
    RunLogSettings,
)
from orchestrator.settings.known_variables import warn_of_unknown
from orchestrator.settings.project_files import PACKAGED_PROJECT
from orchestrator.settings.registry import declared_sources, find_project_dir
from orchestrator.settings.serve import ServeSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

IDENTITY: Final = ("keyfile", "auth_method", "impersonate_service_account", "quota_project")
# In every instance of a service of Cloud Run: the name of the service.
CLOUD_RUN_SERVICE: Final = "K_SERVICE"
DATASET_NAME: Final = re.compile(r"[A-Za-z0-9_]*")


class Settings(BaseSettings):
    """What a command needs to know about its surroundings. dbt reads the same variables."""

    model_config = SettingsConfigDict(
        env_prefix="CONCORD_",
        # What is wrong is said in words; a secret may be among the values.
        hide_input_in_errors=True,
        frozen=True,
        env_ignore_empty=False,
        # CONCORD_RETRY_FIRST_WAIT_SECONDS is the field first_wait_seconds of the group retry.
        env_nested_delimiter="_",
        env_nested_max_split=1,
    )

    target: Literal["local", "dev", "ci", "prod"] = Field(
        default="local", description="Target of profiles.yml; local needs no account."
    )
    project: str = Field(default="concord-local", min_length=1, description="Google project.")
    dataset: str = Field(
        default="concord", min_length=1, description="First part of the datasets' names."
    )
    location: str = Field(default="US", description="Of datasets and jobs.")
    raw_prefix: str = Field(default="", description="Put before the names of the raw datasets.")
    ops_prefix: str = Field(
        default="", description="First part of the name of concord_ops' dataset. Empty: as others."
    )
    model: str = Field(
        default="",
        pattern=r"^[0-9a-z]*$",
        description="Version of the matching model, or train. Empty: the promoted one.",
    )
    project_dir: Path = Field(
        default_factory=find_project_dir,
        description="Folder of the dbt project. Found at or above the current folder, else the"
        " one that the installed package holds.",
    )
    state_folder: Path | None = Field(
        default=None,
        description="Folder of what must survive between commands. None: .concord in the project's"
        " folder, or the user's own folder for the packaged project.",
    )
    sources: Annotated[tuple[str, ...], NoDecode] = Field(
        default_factory=lambda values: declared_sources(values["project_dir"]),
        description="Sources to use, separated by commas. None: all that dbt_project.yml declares.",
    )
    default_phone_region: str = Field(
        default="US", pattern=r"^[A-Z]{2}$", description="Of phone numbers without a country code."
    )
    warehouse_url: str | None = Field(
        default=None, description="Of the local warehouse. None: the project's own, started."
    )
    warehouse_token: SecretStr | None = Field(
        default=None, description="Of the warehouse at that address. None: the project's own."
    )
    keyfile: Path | None = Field(default=None, description="JSON key of a service account.")
    auth_method: Literal["oauth", "service-account"] | None = Field(
        default=None, description="None: service-account with a key file, else oauth."
    )
    impersonate_service_account: str | None = Field(
        default=None, description="Account to act as, with the rights of the own one to do so."
    )
    quota_project: str | None = Field(
        default=None, description="Project whose API quota is used. None: as Google decides."
    )
    threads: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="Models that are built at a time. None: as profiles.yml says for the target.",
    )
    retry: RetrySettings = RetrySettings()
    limit: LimitSettings = LimitSettings()
    max: MaxSettings = MaxSettings()
    lock: LockSettings = LockSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    alert: AlertSettings = AlertSettings()
    api: ApiSettings = ApiSettings()
    # Not `run_log`: the part up to the first underscore names the group.
    runlog: RunLogSettings = RunLogSettings()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    serve: ServeSettings = ServeSettings()

    @field_validator("sources", mode="before")
    @classmethod
    def _split_sources(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @field_validator("sources")
    @classmethod
    def _know_sources(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        declared = declared_sources(info.data["project_dir"])
        unknown = sorted(set(value) - set(declared))
        # A project that declares none is not asked.
        if unknown and declared:
            raise ValueError(f"unknown source {unknown}; known are {', '.join(declared)}")
        return value or declared

    @field_validator("dataset", "raw_prefix", "ops_prefix")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if not DATASET_NAME.fullmatch(value):
            raise ValueError("only letters, digits and underscores are allowed")
        return value

    @field_validator("state_folder", "warehouse_url", "warehouse_token", *IDENTITY, mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("auth_method")
    @classmethod
    def _method_has_its_key(cls, value: object, info: ValidationInfo) -> object:
        if value == "service-account" and info.data.get("keyfile") is None:
            raise ValueError("service-account needs the key file, CONCORD_KEYFILE")
        return value

    @cached_property
    def state_dir(self) -> Path:
        """Folder of what must survive between commands; git ignores it."""
        if self.state_folder is not None:
            return self.state_folder.resolve()
        if self.is_packaged:
            from platformdirs import user_state_path

            return user_state_path("concord", appauthor=False)
        return self.project_dir / ".concord"

    @cached_property
    def build_dir(self) -> Path:
        """Folder of results that can be made again; git ignores it."""
        return (Path.cwd() if self.is_packaged else self.project_dir) / "build"

    @property
    def is_packaged(self) -> bool:
        """Say whether the project is the installed package's: nothing is written there."""
        return self.project_dir == PACKAGED_PROJECT

    @property
    def ops_dataset(self) -> str:
        """Dataset of the run log, the alerts and the lock."""
        return f"{self.ops_prefix or self.dataset}_ops"

    @property
    def published_dataset(self) -> str:
        """Dataset of the copies that consumers read."""
        return f"{self.dataset}_published"

    def raw_dataset(self, source: str) -> str:
        """Return the dataset that holds the raw tables of a source."""
        return f"{self.raw_prefix}raw_{source}"

    @property
    def is_local(self) -> bool:
        """Say whether the warehouse is the local one."""
        return self.target == "local"

    @property
    def sends_first(self) -> bool:
        """Say whether the disk ends with the service, as on Cloud Run."""
        asked = self.serve.sends_first
        return CLOUD_RUN_SERVICE in os.environ if asked is None else asked

    @property
    def uses_keyfile(self) -> bool:
        """Say whether the account is that of a key file; dbt ignores one with oauth."""
        return self.keyfile is not None and self.auth_method != "oauth"

    def with_changes(self, **changes: Any) -> Settings:  # noqa: ANN401 - values of any field
        """Return a copy in which some values differ."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return Settings(**(values | changes))

    def environment(self) -> dict[str, str]:
        """Return the variables that make dbt see the same settings."""
        values = {
            "CONCORD_TARGET": self.target,
            "CONCORD_PROJECT": self.project,
            "CONCORD_DATASET": self.dataset,
            "CONCORD_LOCATION": self.location,
            "CONCORD_RAW_PREFIX": self.raw_prefix,
            "CONCORD_OPS_PREFIX": self.ops_prefix,
            "CONCORD_MODEL": self.model,
            "CONCORD_SOURCES": ",".join(self.sources),
            "CONCORD_DEFAULT_PHONE_REGION": self.default_phone_region,
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        if self.threads is not None:
            values["CONCORD_THREADS"] = str(self.threads)
        # Also what is empty: dbt must not find another account in the environment.
        for name in IDENTITY:
            values[f"CONCORD_{name}".upper()] = str(getattr(self, name) or "")
        if self.warehouse_url:
            values["CONCORD_WAREHOUSE_URL"] = self.warehouse_url
        if self.warehouse_token:
            values["CONCORD_WAREHOUSE_TOKEN"] = self.warehouse_token.get_secret_value()
        return values


def set_variables(names: Iterable[str]) -> dict[str, str]:
    """Return those of the variables that are set, with their values."""
    return {name: os.environ[name] for name in names if name in os.environ}


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - values of any field
    """Read the settings from the environment; options given on the command line win."""
    given = {name: value for name, value in overrides.items() if value is not None}
    warn_of_unknown(Settings, os.environ)
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"] if isinstance(part, str))
        raise ConfigurationError(
            f"CONCORD_{name.upper()} is not usable: {first['msg']}",
            "correct the variable or the option and run the command again",
        ) from error


@contextmanager
def exported(variables: dict[str, str]) -> Iterator[None]:
    """Put variables into the environment for a while: dbt reads its settings there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

"""The settings of the nightly run, by what they are about.

Each field is a variable: `retry.attempts` is CONCORD_RETRY_ATTEMPTS.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

HOUR: Final = 3600.0
# The longest that one request to the place of the lock may take, with its repetitions.
LOCK_FILE_SECONDS: Final = 2.0
LOCK_OBJECT_SECONDS: Final = 8.0

Seconds = Annotated[float, Field(ge=0)]
Days = Annotated[int, Field(ge=1)]
# A folder, or gs://bucket/folder.
Place = Annotated[str, Field(pattern=r"^(gs://[a-z0-9._-]+(/.*)?|[^:]*)$")]


class Group(BaseModel):
    """Base of all groups: values never change, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RetrySettings(Group):
    """How failed nodes are tried again. The waits grow exponentially, with jitter."""

    attempts: int = Field(default=4, ge=1, description="Times that a node may start in all.")
    first_wait_seconds: Seconds = Field(default=1.0, description="After a transient fault.")
    longest_wait_seconds: Seconds = Field(default=32.0, description="After many of them.")
    conflict_first_wait_seconds: Seconds = Field(
        default=5.0, description="After another job changed the table."
    )
    conflict_longest_wait_seconds: Seconds = Field(
        default=60.0, description="After many such conflicts."
    )
    quota_wait_seconds: Seconds = Field(
        default=600.0, description="Wait after a quota that refills slowly."
    )


class LimitSettings(Group):
    """What ends a run that does not end by itself, or that costs too much."""

    deadline_seconds: Seconds = Field(default=4 * HOUR, description="Longest run.")
    stall_seconds: Seconds = Field(default=1.25 * HOUR, description="Longest silence of dbt.")
    grace_seconds: Seconds = Field(default=10.0, description="For cancelling before a hard stop.")
    max_cost: float | None = Field(default=None, ge=0, description="US dollars per run.")
    max_pairs: int | None = Field(default=None, ge=0, description="Pairs to compare per run.")
    price_per_tib: float = Field(default=6.25, ge=0, description="US dollars, on demand.")


class MaxSettings(Group):
    """How far a night may be from the last accepted one before it stops."""

    id_changes: float = Field(
        default=0.01, ge=0, le=1, description="Share of records that may get another id."
    )
    source_loss: float = Field(
        default=0.5, ge=0, le=1, description="Share of its rows that a raw table may lose."
    )


class LockSettings(Group):
    """One run per dataset at a time."""

    place: Place = Field(default="", description="Empty: the project's state folder.")
    lease_seconds: float = Field(default=120.0, gt=0, description="Age at which a lock is void.")
    heartbeat_seconds: float = Field(default=20.0, gt=0, description="Between renewals.")

    @property
    def request_seconds(self) -> float:
        """Return how long one request to the place may take."""
        return LOCK_OBJECT_SECONDS if is_cloud(self.place) else LOCK_FILE_SECONDS

    @property
    def margin_seconds(self) -> float:
        """Return how long before the end of its lease a holder gives up."""
        return self.heartbeat_seconds + self.request_seconds

    @model_validator(mode="after")
    def _beats_twice_a_lease(self) -> Self:
        least = self.heartbeat_seconds + self.margin_seconds
        if self.lease_seconds < least:
            raise ValueError(
                f"a lease must last two heartbeats and {self.request_seconds:g} s for a request, "
                f"{least:g} s in all"
            )
        return self


class LogSettings(Group):
    """Log lines on standard output."""

    format: Literal["auto", "json", "console", "cloud"] = Field(
        default="auto",
        description="auto: console on a terminal or a laptop, else json. cloud: json, and sent to "
        "Cloud Logging.",
    )
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severity that is written."
    )
    trace: str = Field(default="", description="Cloud Trace that the lines belong to.")


class MetricsSettings(Group):
    """Where metrics go, by OTLP over HTTP."""

    endpoint: str | None = Field(default=None, description="None: no metrics are sent.")
    temporality: Literal["delta", "cumulative"] = Field(
        default="delta", description="Of counters. Each run begins anew, so delta adds up."
    )
    google_auth: bool = Field(default=False, description="Sign requests with Google credentials.")
    timeout_seconds: Seconds = Field(default=2.0, description="Of one request.")


class AlertSettings(Group):
    """Who hears of failures. Addresses are secrets: they hold tokens.

    An address is an Apprise address, or `secret://NAME` for one that Secret Manager keeps.
    """

    addresses: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Separated by spaces."
    )
    fallback_addresses: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Used when none of the others takes the message."
    )
    pagerduty_key: SecretStr | None = Field(default=None, description="Integration key.")
    pagerduty_region: Literal["us", "eu"] = Field(
        default="us", description="Region of the PagerDuty account."
    )
    run_link: str = Field(default="", description="Link of a run; {run_id} is filled in.")
    repeat_hours: float = Field(default=24.0, gt=0, description="Between reminders.")
    budget_seconds: Seconds = Field(default=10.0, description="For all sending of a run.")

    @field_validator("addresses", "fallback_addresses", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return value.split() if isinstance(value, str) else value


class ApiSettings(Group):
    """How BigQuery's API is called outside dbt."""

    page_size: int = Field(default=10_000, ge=1, description="Rows per page.")
    use_query_cache: bool = Field(default=True, description="Take results that are still known.")
    timeout_seconds: float = Field(default=300.0, gt=0, description="Of one request.")


class RunLogSettings(Group):
    """The log of runs."""

    place: Place = Field(default="", description="Of the JSON lines copy. Empty: state folder.")


class BackupSettings(Group):
    """Backups of what cannot be computed again."""

    place: Place = Field(default="", description="Of the exports. Empty: the state folder.")
    keep_days: Days = Field(default=30, description="Life of a backup.")


class RetentionSettings(Group):
    """How long data are kept. None: for ever."""

    raw_days: Days | None = Field(default=None, description="Of raw tables.")
    run_log_days: Days | None = Field(default=None, description="Of the run log.")
    history_days: Days | None = Field(default=None, description="Of dbt snapshots.")


def is_cloud(place: str) -> bool:
    """Say whether a place is in Cloud Storage."""
    return place.startswith("gs://")


def local_folder(place: str, default: Path) -> Path:
    """Return the folder that a place on disk names."""
    return Path(place) if place else default

"""What all endpoints share: the snapshot, who calls, how often, and what is masked."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Header, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from orchestrator.api.callers import READER, STEWARD, Caller, IssuedTokens, LocalKey, bearer_token
from orchestrator.api.login_attempts import LoginAttempts
from orchestrator.api.masking import masked_row
from orchestrator.api.problems import Refusal
from orchestrator.api.reconciliation.keys import ReconcileKeys
from orchestrator.api.web.sessions import Sessions, is_of_another_site
from orchestrator.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orchestrator.api.issuer_login import IssuerLogin
    from orchestrator.api.outbox import Outbox
    from orchestrator.bigquery.connect import Connection
    from orchestrator.serving.holder import SnapshotHolder
    from orchestrator.serving.snapshot import Row, Snapshot
    from orchestrator.settings.values import Settings

MOST_AUDITED: Final = 100
ONLY_READ: Final = ("GET", "HEAD")


@dataclass
class Service:
    """The parts of a service that runs."""

    settings: Settings
    holder: SnapshotHolder
    tokens: LocalKey | IssuedTokens
    # Kind of personal data of each column's name.
    kinds: dict[str, str]
    outbox: Outbox
    connect: Callable[[], Connection]
    # Tags of answers of an earlier start say nothing: decisions may have come meanwhile.
    started_as: str = field(default_factory=lambda: secrets.token_hex(8))
    sessions: Sessions = field(default_factory=Sessions)
    # Of people at the issuer; None where there is no client for it.
    login: IssuerLogin | None = None
    attempts: LoginAttempts = field(default_factory=LoginAttempts)
    reconcile_keys: ReconcileKeys = field(default_factory=ReconcileKeys)
    limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    @property
    def snapshot(self) -> Snapshot:
        """Return what answers; hold it for the whole of an answer."""
        return self.holder.snapshot

    @staticmethod
    def as_of(snapshot: Snapshot) -> dict[str, str]:
        """Return which data an answer is made of."""
        return {"run_id": snapshot.run_id, "data_as_of": snapshot.data_as_of}

    @staticmethod
    def audit(caller: Caller, action: str, *ids: str) -> None:
        """Write who has seen or decided what; ids say it, values are not written down."""
        get_logger().info(
            "audit",
            subject=caller.subject,
            role=caller.role,
            action=action,
            ids=sorted(set(ids))[:MOST_AUDITED],
            n_ids=len(set(ids)),
        )

    def count(self, caller: Caller, what: str, per_minute: int, cost: int = 1) -> None:
        """Refuse a caller who asks too often; `cost` is how many questions there are."""
        item = RateLimitItemPerMinute(per_minute)
        if not self.limiter.hit(item, what, caller.subject, cost=cost):
            window = self.limiter.get_window_stats(item, what, caller.subject)
            wait = max(1, int(window.reset_time - time.time()) + 1)
            raise Refusal("too_many", f"at most {per_minute} a minute", Retry_After=str(wait))

    def shown(self, caller: Caller, rows: Iterable[Row]) -> list[Row]:
        """Return rows as a caller may see them."""
        if caller.role != READER:
            return list(rows)
        return [masked_row(row, self.kinds) for row in rows]


def service_of(request: Request) -> Service:
    """Return the service that a request has come to."""
    found: Service = request.app.state.service
    return found


ServiceOf = Annotated[Service, Depends(service_of)]


def caller_of(
    request: Request, service: ServiceOf, authorization: Annotated[str | None, Header()] = None
) -> Caller:
    """Return who calls; refuse who does not say it."""
    header = service.settings.serve.token_header
    if header is None:
        return service.tokens.caller(bearer_token(authorization))
    # A proxy knows browsers by a cookie, which comes along with a form of any site.
    if request.method not in ONLY_READ and is_of_another_site(request):
        raise Refusal("not_allowed", "this comes from a page of another site")
    # With a proxy in front, its word alone counts.
    return service.tokens.caller(request.headers.get(header, ""))


def steward_of(caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
    """Return who calls; refuse who may only read."""
    if not caller.may(STEWARD):
        raise Refusal("not_allowed", "this is for stewards")
    return caller


CallerOf = Annotated[Caller, Depends(caller_of)]
StewardOf = Annotated[Caller, Depends(steward_of)]

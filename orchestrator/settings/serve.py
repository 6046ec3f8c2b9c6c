"""The settings of the service: `serve.port` is CONCORD_SERVE_PORT."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from orchestrator.settings.groups import Group, Place
from orchestrator.settings.login import (
    EmptyIsNone,
    PublicAddress,
    RoleMembers,
    WebAddress,
    is_safe_address,
)


class ServeSettings(Group):
    """The API and its pages, which answer from a snapshot of what was published."""

    snapshots: Place = Field(default="", description="Of the snapshots. Empty: the state folder.")
    after_run: bool = Field(default=False, description="Write a snapshot after each good run.")
    host: str = Field(default="127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0: a free one.")
    refresh_seconds: Annotated[float, Field(gt=0)] = Field(
        default=30.0, description="Between two looks for a newer snapshot."
    )
    issuer: str | None = Field(
        default=None,
        description="OpenID issuer whose tokens are taken. None: only the key of `concord serve`"
        " is, on this machine.",
    )
    audience: str | None = Field(default=None, description="That tokens must be meant for.")
    roles_claim: str = Field(default="roles", min_length=1, description="Claim with the roles.")
    role_members: RoleMembers = Field(
        default={},
        description="Roles of callers whose tokens name none, as JSON: a role and a list of"
        " subjects, verified e-mail addresses, or `group:` with a value of the claim.",
    )
    keys_url: Annotated[WebAddress | None, EmptyIsNone] = Field(
        default=None,
        description="Keys (JWKS) of an issuer that does not describe itself, as Google's IAP.",
    )
    token_header: Annotated[str | None, EmptyIsNone] = Field(
        default=None,
        pattern=r"^[A-Za-z0-9-]+$",
        description="Header in which a proxy hands the token on, as IAP's"
        " `x-goog-iap-jwt-assertion`. None: Authorization.",
    )
    public_url: Annotated[PublicAddress | None, EmptyIsNone] = Field(
        default=None, description="Address at which browsers find the pages."
    )
    client_id: Annotated[str | None, EmptyIsNone] = Field(
        default=None, description="Of the pages at the issuer, where people sign in."
    )
    client_secret: Annotated[SecretStr | None, EmptyIsNone] = Field(
        default=None, description="Of that client, or `secret://NAME`. None: it is a public one."
    )
    scopes: str = Field(
        default="openid email profile",
        pattern=r"^(.* )?openid( .*)?$",
        description="What the issuer is asked for; some give groups only when asked.",
    )
    lookups_per_minute: int = Field(default=6000, ge=1, description="Queries of one caller.")
    searches_per_minute: int = Field(default=600, ge=1, description="Of one caller.")
    max_age_hours: Annotated[float, Field(gt=0)] = Field(
        default=48.0, description="Older data are not well."
    )
    max_batch: int = Field(default=100, ge=1, le=10_000, description="Queries in one lookup.")
    sends_first: bool | None = Field(
        default=None,
        description="Answer a decision when the warehouse has it, because the state folder ends"
        " with the process. None: on Cloud Run.",
    )

    @model_validator(mode="after")
    def _issuer_has_its_audience(self) -> Self:
        if self.issuer is not None and not self.audience:
            raise ValueError("CONCORD_SERVE_ISSUER needs CONCORD_SERVE_AUDIENCE")
        return self

    @model_validator(mode="after")
    def _login_is_whole(self) -> Self:
        if self.client_id and not (self.issuer and self.public_url):
            raise ValueError(
                "CONCORD_SERVE_CLIENT_ID needs CONCORD_SERVE_ISSUER and CONCORD_SERVE_PUBLIC_URL"
            )
        if self.client_id and not is_safe_address(self.issuer or ""):
            raise ValueError("CONCORD_SERVE_ISSUER has to begin with https://")
        if self.client_secret and not self.client_id:
            raise ValueError("CONCORD_SERVE_CLIENT_SECRET needs CONCORD_SERVE_CLIENT_ID")
        if self.token_header and (self.client_id or not self.issuer):
            raise ValueError(
                "CONCORD_SERVE_TOKEN_HEADER needs CONCORD_SERVE_ISSUER, and takes the place of"
                " CONCORD_SERVE_CLIENT_ID: the proxy lets people sign in"
            )
        return self

    @property
    def has_login(self) -> bool:
        """Say whether people elsewhere can sign in: at the issuer, or at a proxy in front."""
        return bool(self.public_url and (self.client_id or self.token_header))

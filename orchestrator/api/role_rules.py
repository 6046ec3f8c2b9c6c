"""Which roles the claims of a token give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from orchestrator.settings.serve import ServeSettings

GROUP: Final = "group:"


def verified_email(claims: dict[str, Any], *, is_vouched: bool = False) -> str:
    """Return the address of a caller; empty where nobody has made sure that it is theirs."""
    address, said = claims.get("email"), claims.get("email_verified", is_vouched)
    # Some issuers write it as a text.
    is_verified = said is True or said == "true"
    return _alike(address) if is_verified and isinstance(address, str) else ""


class RoleRules:
    """Roles by a claim that names them, and by lists of members."""

    def __init__(self, settings: ServeSettings) -> None:
        """Take the claim's name and the members of each role."""
        self._claim = settings.roles_claim
        # A proxy lets nobody in whose address it has not checked, and has no claim that says so.
        self.is_vouched = settings.token_header is not None
        self._members = {
            role: {_alike(name) for name in names} for role, names in settings.role_members.items()
        }

    @property
    def said(self) -> str:
        """Say where roles come from, for whoever has none."""
        members = " nor CONCORD_SERVE_ROLE_MEMBERS" if self._members else ""
        said = f"the claim '{self._claim}'{members} names"
        return f"neither {said} this caller's role" if members else f"{said} no role of Concord"

    def names(self, claims: dict[str, Any]) -> set[str]:
        """Return the names of all roles of a caller, also those that Concord does not know."""
        given = claims.get(self._claim)
        values = given.split() if isinstance(given, str) else given
        values = values if isinstance(values, list) else []
        values = {value for value in values if isinstance(value, str)}
        return values | self._by_membership(claims, values)

    def _by_membership(self, claims: dict[str, Any], values: set[str]) -> set[str]:
        subject = str(claims["sub"])
        known = {f"{GROUP}{value}" for value in values}
        # Nobody gets a role by a subject that looks like somebody's address, or like a group.
        if "@" not in subject and not subject.startswith(GROUP):
            known.add(subject)
        known.add(verified_email(claims, is_vouched=self.is_vouched))
        return {role for role, members in self._members.items() if known & members}


def _alike(name: str) -> str:
    """Write an address in small letters; other alphabets have letters that would become ours."""
    return name.lower() if "@" in name and name.isascii() else name

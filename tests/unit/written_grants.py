"""Every grant of infrastructure/terraform as a row of the table in infrastructure/README.md.

A grant is a whole line of text: who, which role, on what, and when. Nothing is left out because of
its kind, and a form that gives rights in another way than `_iam_member` does is an error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tools.terraform_names.written import (
    FOLDER,
    WrittenBlock,
    kinds_of_blocks,
    local_values,
    unquoted,
    without_marks,
    written_blocks,
)

if TYPE_CHECKING:
    from pathlib import Path

# What says on what a right is given, by the kind of its resource.
PLACES: Final = {
    "artifact_registry_repository": ("repository",),
    "bigquery_dataset": ("dataset_id",),
    "bigquery_table": ("dataset_id", "table_id"),
    "cloud_run_v2_job": ("name",),
    "cloud_run_v2_service": ("name",),
    "data_catalog_policy_tag": ("policy_tag",),
    "kms_crypto_key": ("crypto_key_id",),
    "project": ("project",),
    "pubsub_topic": ("topic",),
    "secret_manager_secret": ("secret_id",),
    "service_account": ("service_account_id",),
    "storage_bucket": ("bucket",),
}
# `location` says where the thing is, and is no part of what is given.
KNOWN: Final = {"role", "member", "location", "count", "for_each", "depends_on"}
MEMBER: Final = re.compile(r"google_(\w+)_iam_member")
# Names with `iam` that give nobody anything.
NO_GRANT: Final = re.compile(
    r"google_(project_iam_custom_role|project_iam_audit_config|iam_workload_identity_pool\w*)"
)
# Other ways to give a right: whole lists, access lists, keys.
OTHER_WAY: Final = re.compile(r"_iam_|_acl$|_access(_control)?$|service_account_key$|_hmac_key$")
OPENS: Final = {"access", "acl", "predefined_acl", "invoker_iam_disabled", "default_acl"}
ACCOUNT: Final = re.compile(r"google_service_account\.(\w+)")
OF_A_THING: Final = re.compile(r"\[0\]|\.(?:name|id|dataset_id|member|repository_id)$")
# What an expression leans on: other names, and texts, with what they are compared with.
LEANS_ON: Final = re.compile(r'(?:data\.)?google_\w+\.\w+|(?:local|var)\.\w+|(?:[!=]= )?"[^"]*"')
USED: Final = re.compile(r"local\.\w+|(?<!data\.)\bgoogle_\w+\.\w+")


class OtherWayError(ValueError):
    """A right is given in a form that no row can show."""


class Grants:
    """The grants of a folder of Terraform's files."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read the folder; refuse what could give a right unseen."""
        self._blocks = {one.address: one for one in written_blocks(folder)}
        self._locals = local_values(folder)
        hidden = {"module"} & kinds_of_blocks(folder)
        if hidden or list(folder.glob("*.tf.json")):
            raise OtherWayError("a module or a file of JSON can give rights that are not read here")
        self._members = [one for one in self._blocks.values() if self._is_member(one)]

    def rows(self) -> list[str]:
        """Return a row of each grant, sorted."""
        return sorted(self._row(one) for one in self._members)

    def names(self) -> list[str]:
        """Return a row of each name that a grant is repeated for, and what it leans on."""
        waiting = [self._text(one.body.get("for_each", "")) for one in self._members]
        waiting += [self._place(one) for one in self._members]
        found: dict[str, list[str]] = {}
        while waiting:
            for name in USED.findall(waiting.pop()):
                values = None if name in found else self._leans_on(name)
                if values is not None:
                    found[name] = values
                    waiting += values
        return sorted(f"| `{name}` | {_code(values)} |" for name, values in found.items())

    @staticmethod
    def _is_member(one: WrittenBlock) -> bool:
        if MEMBER.fullmatch(one.type):
            return True
        opened = [name for name in OPENS if _opens(one.body, name)]
        is_other = one.kind == "resource" and OTHER_WAY.search(one.type)
        if opened or (is_other and not NO_GRANT.fullmatch(one.type)):
            raise OtherWayError(f"{one.address} {opened} gives rights in a form not read here")
        return False

    def _row(self, one: WrittenBlock) -> str:
        found = MEMBER.fullmatch(one.type)
        assert found, one.type
        kind = found.group(1)
        more = set(without_marks(one.body)) - KNOWN - set(PLACES.get(kind, ()))
        if kind not in PLACES or more:
            raise OtherWayError(f"{one.address}: {sorted(more)} of {kind} cannot be read")
        who = self._member(self._text(one.body["member"]))
        place = f"{kind.replace('_', ' ')} {_code([self._place(one)])}"
        each = self._text(one.body.get("for_each", ""))
        when = [f"for each of `{each}`"] if each else []
        when += [f"if `{self._text(one.body['count'])}`"] if "count" in one.body else []
        return f"| `{who}` | {self._role(one)} | {place} | {', '.join(when)} |"

    def _place(self, one: WrittenBlock) -> str:
        found = MEMBER.fullmatch(one.type)
        assert found, one.type
        parts = [self._text(one.body[name]) for name in PLACES.get(found.group(1), ())]
        return ".".join(OF_A_THING.sub("", part) for part in parts)

    def _role(self, one: WrittenBlock) -> str:
        role = OF_A_THING.sub("", OF_A_THING.sub("", self._text(one.body["role"])))
        if role.startswith("roles/") and "$" not in role:
            return f"`{role}`"
        own = self._blocks.get(role)
        if own is None or own.type != "google_project_iam_custom_role":
            raise OtherWayError(f"{one.address}: the role {role} cannot be read")
        # Those of a role of our own are a part of the grant: one more is one too many.
        allowed = [self._text(name) for name in own.body["permissions"]]
        return f"{_code([self._text(own.body['role_id'])])}: {_code(allowed)}"

    def _member(self, text: str) -> str:
        account = ACCOUNT.fullmatch(OF_A_THING.sub("", OF_A_THING.sub("", text)))
        if account is None:
            return text
        body = self._blocks[f"google_service_account.{account.group(1)}"].body
        return self._text(body["account_id"])

    def _leans_on(self, name: str) -> list[str] | None:
        if name in self._blocks:
            each = self._blocks[name].body.get("for_each")
            return None if each is None else [self._text(each)]
        value = self._locals.get(name.removeprefix("local."))
        if isinstance(value, dict):
            items = without_marks(value)
            if all(isinstance(one, str) for one in items.values()):
                return [self._text(one) for one in items.values()]
            return list(items)
        texts = value if isinstance(value, list) else LEANS_ON.findall(str(value))
        found = {self._member(self._text(text)).replace('"', "") for text in texts}
        return sorted(found - {"", "== "})

    @staticmethod
    def _text(value: Any) -> str:  # noqa: ANN401 - a value of HCL
        return unquoted(str(value))


def _code(texts: list[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts).replace("|", "\\|")


def _opens(body: Any, name: str) -> bool:  # noqa: ANN401 - a value of HCL
    """Say whether an argument or a block of this name stands anywhere in a body."""
    if isinstance(body, dict):
        return any(key.strip('"') == name or _opens(value, name) for key, value in body.items())
    return isinstance(body, list) and any(_opens(one, name) for one in body)

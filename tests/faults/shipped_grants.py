"""The rights that infrastructure/terraform grants, read from its files.

No Terraform is run: the few forms that the grants are written in are read here, and any other form
is an error, so that a grant cannot be overlooked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import hcl2

from orchestrator.settings.registry import declared_sources
from tests.faults.stand_in.accounts import email_of
from tests.faults.stand_in.rights import PROJECT, ROLES, Grant

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "infrastructure" / "terraform"
# Grants on what the stand-ins have, and where the place is written.
PLACES: Final = {
    "google_project_iam_member": None,
    "google_bigquery_dataset_iam_member": "dataset_id",
    "google_storage_bucket_iam_member": "bucket",
    "google_secret_manager_secret_iam_member": "secret_id",
    "google_bigquery_table_iam_member": "table_id",
}
# Rights on Terraform's own objects: images, jobs, accounts. No run asks for them;
# tests/unit/test_grants.py reads all of them.
ELSEWHERE: Final = frozenset(
    {
        "google_artifact_registry_repository_iam_member",
        # Who may select a tagged column: no stand-in has tags.
        "google_data_catalog_policy_tag_iam_member",
        # Google's own accounts, which use a key and tell of secrets that are due.
        "google_kms_crypto_key_iam_member",
        "google_pubsub_topic_iam_member",
        "google_cloud_run_v2_job_iam_member",
        "google_cloud_run_v2_service_iam_member",
        "google_service_account_iam_member",
    }
)
MEMBER: Final = re.compile(r"\$\{google_service_account\.(\w+)(?:\[0\])?\.member\}")
REFERENCE: Final = re.compile(r"\$\{(google_\w+)\.(\w+)(?:\[0\])?\.(\w+)\}")
VARIABLE: Final = re.compile(r"\$\{var\.(\w+)\}")
ONE_SOURCE: Final = re.compile(
    r"for source, dataset in local\.raw_datasets : source => dataset "
    r'if source (==|!=) "(\w+)"'
)


@dataclass(frozen=True)
class Shipped:
    """Terraform's files, with values for its variables."""

    variables: dict[str, Any]

    @property
    def accounts(self) -> dict[str, tuple[Grant, ...]]:
        """Return the grants of every account, by its address."""
        found: dict[str, list[Grant]] = {}
        for kind, body in self._blocks("_iam_member"):
            if kind in ELSEWHERE:
                continue
            account = MEMBER.fullmatch(_text(body["member"]))
            if account is None:
                raise ValueError(f"a member that cannot be read: {body['member']}")
            permissions = self._permissions(_text(body["role"]))
            for where in self._places(kind, body):
                found.setdefault(email_of(account.group(1)), []).append(Grant(permissions, where))
        return {name: tuple(grants) for name, grants in found.items()}

    @property
    def datasets(self) -> set[str]:
        """Return the datasets that Terraform makes."""
        names = (self._each(body) for kind, body in self._blocks("google_bigquery_dataset", True))
        return {name for of in names for name in of}

    @property
    def buckets(self) -> set[str]:
        """Return the buckets that Terraform makes."""
        found = self._blocks("google_storage_bucket", True)
        return {self._filled(_text(body["name"])) for _, body in found}

    def environment(self) -> dict[str, str]:
        """Return the variables of the jobs whose values are plain."""
        [local] = [body["environment"] for body in _documents("locals") if "environment" in body]
        pairs = re.findall(r'(CONCORD_\w+)\s*[=:]\s*"(gs://[^"]+)"', str(local))
        return {name: self._filled(value) for name, value in pairs}

    def _places(self, kind: str, body: dict[str, Any]) -> Iterator[str]:
        place = PLACES[kind]
        if place is None:
            yield PROJECT
        elif repeated := VARIABLE.fullmatch(_text(body.get("for_each", ""))):
            for value in self.variables[repeated.group(1)]:
                one = _text(body[place]).replace("${each.value}", value)
                yield self._filled(one)
        elif "for_each" in body:
            yield from self._for_each(_text(body["for_each"]))
        elif place == "table_id":
            # Of one table, and not of the others in its dataset.
            yield self._filled(f"{_text(body['dataset_id'])}.{_text(body[place])}")
        else:
            yield self._filled(_text(body[place]))

    def _for_each(self, text: str) -> Iterator[str]:
        """Return the datasets that a block is repeated for."""
        inner = text.removeprefix("${").removesuffix("}")
        if inner.startswith("google_bigquery_dataset."):
            yield from self._each(self._resource("google_bigquery_dataset", inner.split(".")[1]))
        elif inner.startswith("local."):
            yield from self._local(inner.removeprefix("local."))
        else:
            raise ValueError(f"a for_each that cannot be read: {text}")

    def _each(self, body: dict[str, Any]) -> Iterator[str]:
        if "for_each" in body:
            yield from self._for_each(_text(body["for_each"]))
        else:
            yield self._filled(_text(body["dataset_id"]))

    def _local(self, name: str) -> Iterator[str]:
        [value] = [body[name] for body in _documents("locals") if name in body]
        if isinstance(value, dict):
            yield from (self._filled(_text(v)) for k, v in value.items() if k[:2] != "__")
            return
        chosen = ONE_SOURCE.search(str(value))
        if chosen is None:
            raise ValueError(f"local.{name} cannot be read: {value}")
        for source in self.variables["sources"] or declared_sources(ROOT):
            if (source == chosen.group(2)) == (chosen.group(1) == "=="):
                yield f"{self.variables['raw_prefix']}raw_{source}"

    def _permissions(self, role: str) -> frozenset[str]:
        if role in ROLES:
            return ROLES[role]
        found = REFERENCE.fullmatch(role)
        if found is None or found.group(1) != "google_project_iam_custom_role":
            raise ValueError(f"the permissions of {role} are not in the table of roles")
        custom = self._resource(found.group(1), found.group(2))
        return frozenset(_text(one) for one in custom["permissions"])

    def _filled(self, text: str) -> str:
        """Put the values of variables and of other resources into a text."""

        def of_resource(found: re.Match[str]) -> str:
            body = self._resource(found.group(1), found.group(2))
            return self._filled(_text(body[found.group(3)]))

        def of_variable(found: re.Match[str]) -> str:
            return str(self.variables[found.group(1)])

        filled = VARIABLE.sub(of_variable, REFERENCE.sub(of_resource, text))
        if "${" in filled:
            raise ValueError(f"cannot be read: {text}")
        return filled

    @staticmethod
    def _blocks(kind: str, is_whole: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
        for block in _documents("resource"):
            for name, bodies in block.items():
                plain = name.strip('"')
                if plain == kind if is_whole else plain.endswith(kind):
                    yield from ((plain, body) for body in bodies.values())

    @staticmethod
    def _resource(kind: str, name: str) -> dict[str, Any]:
        for block in _documents("resource"):
            for found, bodies in block.items():
                for own, body in bodies.items():
                    if (found.strip('"'), own.strip('"')) == (kind, name):
                        return dict(body)
        raise KeyError(f"{kind}.{name}")


def shipped(**values: Any) -> Shipped:  # noqa: ANN401 - values of any variable
    """Return Terraform's files, with their own defaults and these values."""
    variables = {
        name.strip('"'): _plain(body["default"])
        for block in _documents("variable")
        for name, body in block.items()
        if "default" in body
    }
    return Shipped(variables | values)


@cache
def _documents(kind: str) -> tuple[dict[str, Any], ...]:
    """Return all blocks of one kind of all files."""
    paths = sorted(FOLDER.glob("*.tf"))
    return tuple(
        block for path in paths for block in hcl2.loads(path.read_text("utf-8")).get(kind, ())
    )


def _text(value: Any) -> str:  # noqa: ANN401 - a value of HCL
    return str(value).strip('"')


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of HCL
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.strip('"') if isinstance(value, str) else value

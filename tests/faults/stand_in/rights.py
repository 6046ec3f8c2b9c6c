"""Who may do what: the permissions that a call needs, and those that a role holds.

Both tables follow Google's pages "BigQuery IAM roles and permissions", "Create table snapshots" and
"IAM roles for Cloud Storage", as far as Concord and dbt-bigquery call those services. BigQuery
looks at the permission before it looks whether the thing exists, and so does the stand-in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROJECT: Final = "*"

VIEWER: Final = frozenset(
    {
        "bigquery.datasets.get",
        "bigquery.tables.createSnapshot",
        "bigquery.tables.export",
        "bigquery.tables.get",
        "bigquery.tables.getData",
        "bigquery.tables.list",
    }
)
# What each role holds of the permissions below. `datasets.create` counts on a project only.
ROLES: Final[dict[str, frozenset[str]]] = {
    "roles/bigquery.jobUser": frozenset({"bigquery.jobs.create"}),
    "roles/bigquery.dataViewer": VIEWER,
    "roles/bigquery.dataEditor": VIEWER
    | {
        "bigquery.datasets.create",
        "bigquery.tables.create",
        "bigquery.tables.delete",
        "bigquery.tables.update",
        "bigquery.tables.updateData",
    },
    "roles/storage.objectViewer": frozenset({"storage.objects.get", "storage.objects.list"}),
    "roles/storage.objectUser": frozenset(
        {
            "storage.objects.create",
            "storage.objects.delete",
            "storage.objects.get",
            "storage.objects.list",
            "storage.objects.update",
        }
    ),
    "roles/telemetry.metricsWriter": frozenset({"telemetry.metrics.write"}),
    "roles/secretmanager.secretAccessor": frozenset({"secretmanager.versions.access"}),
}

# What a call needs, on the dataset that it names, or on the project or the bucket. A job
# needs what its parts need: what it reads, replaces, drops and so on.
CALLS: Final[dict[str, tuple[str, ...]]] = {
    "jobs.insert": ("bigquery.jobs.create",),
    "datasets.get": ("bigquery.datasets.get",),
    "datasets.insert": ("bigquery.datasets.create",),
    "tables.list": ("bigquery.tables.list",),
    "tables.get": ("bigquery.tables.get",),
    "tables.insert": ("bigquery.tables.create",),
    "tables.patch": ("bigquery.tables.update",),
    "tables.delete": ("bigquery.tables.delete",),
    "job reads": ("bigquery.tables.getData",),
    "job exports": ("bigquery.tables.getData", "bigquery.tables.export"),
    "job creates": ("bigquery.tables.create",),
    "job replaces": ("bigquery.tables.create", "bigquery.tables.updateData"),
    "job changes rows": ("bigquery.tables.getData", "bigquery.tables.updateData"),
    "job loads": ("bigquery.tables.create", "bigquery.tables.updateData"),
    "job adds columns": ("bigquery.tables.update",),
    "job drops": ("bigquery.tables.delete",),
    "job is copied": (
        "bigquery.datasets.get",
        "bigquery.tables.get",
        "bigquery.tables.getData",
        "bigquery.tables.createSnapshot",
    ),
    # Whoever makes a snapshot that expires has it deleted later.
    "job is copied for a while": ("bigquery.tables.deleteSnapshot",),
    "objects.get": ("storage.objects.get",),
    "objects.list": ("storage.objects.list",),
    "objects.insert": ("storage.objects.create",),
    # To replace an object is to delete the one that was there.
    "objects.replace": ("storage.objects.create", "storage.objects.delete"),
    "objects.delete": ("storage.objects.delete",),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, by what it holds, and where: a table as `dataset.table`, a dataset, a bucket, or the
    whole project."""

    permissions: frozenset[str]
    where: str = PROJECT

    def without(self, permission: str, where: str) -> Grant:
        """Return what is left of it when one permission is missing in one place."""
        if where != self.where:
            return self
        return Grant(self.permissions - {permission}, self.where)


class Denied(Exception):
    """The account lacks a permission. The text is BigQuery's."""

    def __init__(self, permission: str, where: str, table: str = "") -> None:
        self.permission, self.where = permission, where
        super().__init__(_words(permission, where, table))


@dataclass
class Rights:
    """The grants of every account, by its address. Without any grant, all is allowed."""

    grants: dict[str, tuple[Grant, ...]] = field(default_factory=dict)
    denied: list[tuple[str, str, str]] = field(default_factory=list)
    used: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def may(self, account: str, permission: str, where: str, table: str = "") -> bool:
        """Say whether an account holds a permission in a place, or on one table there."""
        if not self.grants:
            return True
        places = {where, f"{where}.{table}", PROJECT}
        if permission == "bigquery.datasets.create":
            places = {PROJECT}
        return any(
            grant.where in places and permission in grant.permissions
            for grant in self.grants.get(account, ())
        )

    def require(self, account: str, call: str, where: str = PROJECT, table: str = "") -> None:
        """Refuse a call for whose permissions the account has no grant."""
        for permission in CALLS[call]:
            if not self.may(account, permission, where, table):
                self.denied.append((account, permission, where))
                raise Denied(permission, where, table)
            self.used.setdefault(account, set()).add((permission, where))

    def without(self, account: str, permission: str, where: str) -> Rights:
        """Return the same rights, but for one permission of one account in one place."""
        left = tuple(grant.without(permission, where) for grant in self.grants[account])
        if left == self.grants[account]:
            raise ValueError(f"{account} does not hold {permission} on {where}")
        return Rights(self.grants | {account: left})


def held(roles: Iterable[tuple[str, str]]) -> Iterator[Grant]:
    """Return the grants of roles and places."""
    for role, where in roles:
        yield Grant(ROLES[role], where)


def _words(permission: str, where: str, table: str) -> str:
    project = "concord-local"
    if where == PROJECT:
        return (
            f"Access Denied: Project {project}: User does not have {permission} permission "
            f"in project {project}."
        )
    if permission.startswith("storage."):
        return f"The account does not have {permission} access to the bucket {where}."
    if permission == "bigquery.tables.getData" and table:
        name = f"{project}:{where}.{table}"
        return (
            f"Access Denied: Table {name}: User does not have permission to query table {name}, "
            "or perhaps it does not exist."
        )
    if table:
        name = f"{project}:{where}.{table}"
        return (
            f"Access Denied: Table {name}: Permission {permission} denied on table {name} "
            "(or it may not exist)."
        )
    return (
        f"Access Denied: Dataset {project}:{where}: Permission {permission} denied on dataset "
        f"{project}:{where} (or it may not exist)."
    )

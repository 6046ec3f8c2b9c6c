"""Copies the tables that others read into a dataset of their own, after a good run only.

A model is published by `meta: {published: true}`. Consumers read `<dataset>_published`, so that a
night that fails leaves them with the last good one. A copy job costs nothing and replaces a table
in one step; the tables of one night follow each other within seconds, not in one transaction. A
table that is partitioned otherwise from now on is dropped first, once, and is not there meanwhile.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.classify import classify_message
from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.bigquery.error_classes import RETRIES, ErrorClass
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.bigquery.layout import layouts, make_room
from orchestrator.errors import WarehouseUnavailable
from orchestrator.run.gates import published_models

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.lock.fence import Fence

# A copy job has no query to cancel: it is waited for this long, then it counts as failed.
COPY_SECONDS: Final = 600.0
NOT_DONE: Final = f"not done after {COPY_SECONDS:.0f} s"


@dataclass(frozen=True, slots=True)
class NotPublished:
    """A table that was not copied, and why."""

    name: str
    reason: str
    error_class: ErrorClass


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The tables that were copied, and those that were not."""

    copied: tuple[str, ...] = ()
    failed: tuple[NotPublished, ...] = ()

    @property
    def classes(self) -> frozenset[ErrorClass]:
        """Return the classes of what went wrong."""
        return frozenset(one.error_class for one in self.failed)

    @property
    def problem(self) -> str:
        """Name what failed and what was copied all the same; empty when nothing failed."""
        if not self.failed:
            return ""
        lines = [f"{one.name} was not published: {one.reason}" for one in self.failed]
        lines.append(f"published in this run: {', '.join(self.copied) or 'nothing'}")
        return "\n".join(lines)


def publish_tables(
    connection: Connection,
    manifest: Mapping[str, ManifestNode],
    fence: Fence,
    *,
    at_once: Callable[[], AbstractContextManager[None]] = nullcontext,
    sleep: Callable[[float], object] = time.sleep,
) -> PublishResult:
    """Copy all published models; call it only after `check_gates` has opened.

    The fence raises when another run may write: then nothing more is copied. All copies of a round
    are started inside `at_once`, so that an interrupt leaves none of them or all.

    What fails for a reason that passes is copied again: a copy replaces its table, so that one
    whose answer got lost may happen twice. A copy that fails for good leaves the table of the last
    good night; the next run copies all of them again.
    """
    models = published_models(manifest)
    if not models:
        return PublishResult()
    dataset, settings = connection.settings.published_dataset, connection.settings.retry
    ensure_dataset(connection, dataset)
    result = _copy(connection, models, dataset, fence, at_once)
    for attempt in range(1, settings.attempts):
        again = {one.name for one in result.failed if _may_copy_again(one, attempt)}
        if not again:
            break
        sleep(min(settings.longest_wait_seconds, settings.first_wait_seconds * 2 ** (attempt - 1)))
        left = [model for model in models if model.name in again]
        later = _copy(connection, left, dataset, fence, at_once)
        failed = [one for one in result.failed if one.name not in again]
        result = PublishResult(
            tuple(sorted((*result.copied, *later.copied))), (*failed, *later.failed)
        )
    return result


def _copy(
    connection: Connection,
    models: Sequence[ManifestNode],
    dataset: str,
    fence: Fence,
    at_once: Callable[[], AbstractContextManager[None]],
) -> PublishResult:
    """Copy tables at once: all copies are started before the first is waited for."""
    from google.cloud.bigquery import CopyJobConfig, WriteDisposition

    config = CopyJobConfig(write_disposition=WriteDisposition.WRITE_TRUNCATE)
    started, copied, failed = [], [], []
    fence.confirm()
    try:
        laid_out_otherwise = _laid_out_otherwise(connection, models, dataset)
    except Exception as error:  # noqa: BLE001 - raised again when it is none of BigQuery
        return PublishResult((), tuple(_not_published(model.name, error) for model in models))
    with at_once():
        for model in models:
            target = connection.table_id(dataset, _table_name(model))
            # BigQuery does not know the lock: a process that stood still must not go on here.
            fence.require()
            try:
                if model.name in laid_out_otherwise:
                    make_room(connection, model.table, target)
                job = connection.client.copy_table(model.table, target, job_config=config)
            except Exception as error:  # noqa: BLE001 - raised again when it is no copy that failed
                failed.append(_not_published(model.name, error))
            else:
                started.append((model.name, job))
    for name, job in started:
        try:
            job.result(timeout=COPY_SECONDS)
        except TimeoutError:
            failed.append(NotPublished(name, NOT_DONE, ErrorClass.TRANSIENT))
        except Exception as error:  # noqa: BLE001 - raised again when it is no copy that failed
            failed.append(_not_published(name, error))
        else:
            copied.append(name)
    return PublishResult(tuple(copied), tuple(failed))


def _laid_out_otherwise(
    connection: Connection, models: Sequence[ManifestNode], dataset: str
) -> frozenset[str]:
    """Name the models whose published table is partitioned or clustered in another way."""
    published, built = layouts(connection, dataset), {}
    for model in models:
        of_model = model.table.rpartition(".")[0]
        if of_model not in built:
            built[of_model] = layouts(connection, of_model)
    return frozenset(
        model.name
        for model in models
        if (name := _table_name(model)) in published
        and published[name] != built[model.table.rpartition(".")[0]].get(name)
    )


def _table_name(model: ManifestNode) -> str:
    return model.table.rpartition(".")[2]


def _not_published(name: str, error: Exception) -> NotPublished:
    """Say why a copy failed; an error of our own is no reason, and is raised."""
    known = as_concord_error(error)
    if known is None:
        raise error
    error_class = classify_message(str(error))
    if isinstance(known, WarehouseUnavailable) and error_class is ErrorClass.UNKNOWN:
        error_class = ErrorClass.TRANSIENT
    return NotPublished(name, known.message, error_class)


def _may_copy_again(failed: NotPublished, attempt: int) -> bool:
    limit = RETRIES[failed.error_class]
    return failed.reason != NOT_DONE and (limit is None or attempt <= limit)

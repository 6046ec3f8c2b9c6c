"""Changing a table does not copy it.

Stock: every INSERT, UPDATE, MERGE and DELETE stores the whole table again for FOR SYSTEM_TIME AS
OF, which this project does not use; the file grows by hundreds of megabytes per statement.
Snapshots that are asked for (CREATE SNAPSHOT TABLE) still work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bqemulator.versioning.snapshots import SnapshotManager

if TYPE_CHECKING:
    from bqemulator.catalog.models import SnapshotMeta

_AUTOMATIC = "AUTO"


def apply() -> None:
    """Leave the automatic copies out."""
    stock_capture = SnapshotManager.capture

    def capture(
        self: SnapshotManager,
        project_id: str,
        dataset_id: str,
        table_id: str,
        *,
        kind: str = _AUTOMATIC,
    ) -> SnapshotMeta | None:
        if kind == _AUTOMATIC:
            return None
        return stock_capture(self, project_id, dataset_id, table_id, kind=kind)

    SnapshotManager.capture = capture

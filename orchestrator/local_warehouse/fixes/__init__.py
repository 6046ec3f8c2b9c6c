"""What this project repairs in bqemulator 1.4.0, one module per repair.

Every repair makes the emulator answer as BigQuery does; none adds anything that BigQuery lacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.local_warehouse.fixes import (
    array_agg,
    array_offset,
    copy_jobs,
    create_table,
    current_datetime,
    dropped_views,
    edit_distance,
    engine_settings,
    farm_fingerprint,
    full_union,
    grants,
    implicit_unnests,
    job_records,
    job_results,
    json_text,
    letter_case,
    normalize,
    numeric,
    parsing,
    quick_copies,
    schema_updates,
    scripts,
    server_errors,
    snapshot_options,
    soundex,
    statement_kinds,
    struct_columns,
    syntax_trees,
    table_labels,
    table_layout,
    table_types,
    time_travel,
    timestamp_diff,
    translations,
    uploads,
    views,
    write_ahead_log,
)

if TYPE_CHECKING:
    from pathlib import Path

_MODULES = (
    array_agg,
    copy_jobs,
    create_table,
    dropped_views,
    edit_distance,
    farm_fingerprint,
    grants,
    # Before the trees are kept.
    implicit_unnests,
    job_records,
    job_results,
    json_text,
    letter_case,
    normalize,
    numeric,
    parsing,
    quick_copies,
    schema_updates,
    scripts,
    server_errors,
    snapshot_options,
    soundex,
    struct_columns,
    table_labels,
    table_layout,
    table_types,
    time_travel,
    uploads,
)
# These change the statement's tree, and share one parse of it.
_TREE_REPAIRS = (
    array_offset.REPAIR,
    current_datetime.REPAIR,
    edit_distance.REPAIR,
    full_union.REPAIR,
    json_text.REPAIR,
    letter_case.REPAIR,
    timestamp_diff.REPAIR,
)


def apply_fixes(settings: engine_settings.EngineSettings, kept_translations: Path | None) -> None:
    """Apply every repair. Call it once, before a server is made."""
    engine_settings.apply(settings)
    if settings.is_private:
        write_ahead_log.apply()
    for module in _MODULES:
        module.apply()
    syntax_trees.before_translation(lambda sql: syntax_trees.repair(sql, _TREE_REPAIRS))
    # The last, around all the others: it remembers what they made of a statement.
    known = translations.Translations(kept_translations)
    translations.apply(known)
    statement_kinds.apply(known)
    views.apply(known)

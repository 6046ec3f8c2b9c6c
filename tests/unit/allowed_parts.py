"""What may stand in a statement and is no parameter: by the reason, then by the module.

A field of a class, as `RawTable.name`, is followed no further; all else is written as in the code.
"""

from __future__ import annotations

from typing import Final

# They give back a quoted literal or name, or refuse what could not be one.
CHECKED: Final = frozenset({"checked_entity", "literal", "quoted", "quoted_name", "table_id"})
NODE: Final = {"node.table"}
FIELD: Final = {"field.name"}
COLUMN: Final = {"column.name"}
SOURCE: Final = {"table.source"}
ALLOWED: Final[dict[str, dict[str, set[str]]]] = {
    "a setting whose form is checked when it is read (orchestrator/settings/values.py)": {
        "settings.values": {
            f"Settings.{name}"
            for name in ("dataset", "ops_prefix", "project", "raw_prefix", "sources")
        },
        "health.rights": {"connection.settings.ops_dataset", "settings.published_dataset"},
        "run_log.run": {"Run.dataset"},
    },
    "a name from the sources files of the project, which its owner writes": {
        "sources.source_schemas": {
            *("Column.name", "RawTable.loaded_at", "RawTable.name", "RawTable.source"),
            "self.columns[0].name",
        },
        "sources.raw_tables": SOURCE,
        "forget.audit": SOURCE,
        "forget.places": SOURCE,
        "health.warehouse": {
            *("table.source", "t.source", "yaml.safe_load(path.read_text(encoding='utf-8'))"),
        },
        "settings.registry": {"yaml.safe_load(path.read_text(encoding='utf-8'))"},
        "resolve.previous": COLUMN,
        "run.commit": COLUMN,
    },
    "a statement or a name of a table that dbt has compiled": {
        "dbt.artifacts": {f"ManifestNode.{name}" for name in ("compiled", "relation", "unique_id")},
        "backup.make": NODE,
        "plan.pairs": NODE,
        "run.id_gate": {"model.table"},
        "explain.statements": {
            *("node.compiled", "node.name", "json.loads(kept.read_text(encoding='utf-8'))"),
            # The pattern of what is put in place of a parameter.
            "re.compile(\"'fill in: (\\\\w+)'\")",
        },
    },
    "a name that the warehouse gives to a table or a column, whose form it has checked itself": {
        "bigquery.connect": {"one.table_id"},
        "backup.retention": {*NODE, "partitions.field"},
        "forget.erase": {"table.reference", "one.counting"},
        "forget.places": {"field.name", "table.reference"},
        "models.sides": FIELD,
        "report.tables": FIELD,
        "resolve.output.queries": FIELD,
        "resolve.output.reasons": {"connection.execute('describe entities').fetchall()"},
        "resolve.output.tables": {"connection.execute(f'describe {rows}').fetchall()"},
        "serving.build": {"field.name", "field.field_type"},
    },
    "a name of the backup: a time and the project's bucket, or what it was saved as": {
        "backup.make": {"Backup.backup_id", "SavedTable.table", "files.bucket.name"},
    },
    "a list in the code, gone through field by field": {
        "resolve.match_export": FIELD,
        "run_log.run": {"RunRequest(full_refresh=refresh)"},
        "serving.contents": {f"ServedTable.{name}" for name in ("found_by", "name", "packed_by")},
        "mapping.mapped_sql": COLUMN,
        "mapping.numbered_rows": {"str"},
    },
    "of a mapping: `person` or `company`, which reading it has checked": {
        "resolve.request": {"self.files[0].mapping.entity"},
    },
    "stands beside what is in the statement, in one tuple or dictionary, and not in it": {
        "load.load_ledger": {"SchemaField(name, data_type)"},
        "mapping.kept_columns": {"KeptColumns._columns"},
        "mapping.mapping": {"Mapping.record_id"},
        "models.sides": {
            "ComparedBuild(_dataset_of(new, built, beside), new)",
            "ComparedBuild(_dataset_of(old, built, nightly), old)",
            "ComparedBuild(own, used, deferred_to=state)",
            "ComparedBuild(state, version)",
        },
        "reading.batches": {"Batch.names", "RowFile.columns"},
        "resolve.output.workbook": {"result.fetchmany(BATCH_ROWS)"},
        "sources.source_schemas": {
            "SchemaField(self.name, 'RECORD', 'REPEATED', fields=fields)",
            "SchemaField(self.name, self.data_type)",
            "SchemaField(self.name, self.data_type[6:-1], 'REPEATED')",
        },
    },
    "inside the local warehouse, which runs what it is sent: quoted by its own library": {
        "local_warehouse.fixes.copy_jobs": {"quoted_table_ref(*target)"},
        "local_warehouse.fixes.schema_updates": {
            "bq_schema_to_duckdb_columns(fields)",
            "quoted_table_ref(project_id, dataset_id, meta.table_id)",
        },
        "local_warehouse.fixes.table_types": {"_CREATE.fullmatch(sql)"},
        "local_warehouse.fixes.write_ahead_log": {"stock_path(self)"},
    },
}

# The tables that hold what cannot be computed again: runs, the life of ids, decisions, the versions of the matching model. The
# run makes those that are missing from the same file, so whichever comes first makes the same; here they are kept from destruction.

locals {
  ops_source = one(yamldecode(file("${path.module}/../../models/staging/concord_ops/_concord_ops__sources.yml")).sources)
  ops_tables = { for table in local.ops_source.tables : table.name => table }
  ops_meta   = { for name, table in local.ops_tables : name => try(table.config.meta, {}) }

  # Without ARRAY<...>, and what is left without STRUCT<...>.
  ops_elements = {
    for name, table in local.ops_tables : name => [
      for column in table.columns : {
        name     = column.name
        is_array = startswith(column.data_type, "ARRAY<")
        element  = startswith(column.data_type, "ARRAY<") ? trimsuffix(trimprefix(column.data_type, "ARRAY<"), ">") : column.data_type
      }
    ]
  }
  ops_schemas = {
    for name, columns in local.ops_elements : name => [
      for column in columns : merge(
        {
          name = column.name
          mode = column.is_array ? "REPEATED" : "NULLABLE"
          type = startswith(column.element, "STRUCT<") ? "RECORD" : column.element
        },
        {
          for key in ["fields"] : key => [
            for field in split(",", trimsuffix(trimprefix(column.element, "STRUCT<"), ">")) : {
              name = split(" ", trimspace(field))[0]
              mode = "NULLABLE"
              type = split(" ", trimspace(field))[1]
            }
          ] if startswith(column.element, "STRUCT<")
        },
      )
    ]
  }
}

resource "google_bigquery_table" "ops" {
  #checkov:skip=CKV_GCP_80:kms_key_name encrypts its dataset, and so the table.
  #checkov:skip=CKV_GCP_121:deletion_protection is on unless an environment that may go turns it off.
  for_each = local.ops_tables

  dataset_id          = google_bigquery_dataset.layer["ops"].dataset_id
  table_id            = each.key
  description         = each.value.description
  labels              = merge(local.labels, { layer = "ops" })
  schema              = jsonencode(local.ops_schemas[each.key])
  clustering          = try(local.ops_meta[each.key].clustered_by, null)
  deletion_protection = var.deletion_protection

  dynamic "time_partitioning" {
    for_each = try([local.ops_meta[each.key].partitioned_by], [])

    content {
      type  = "DAY"
      field = time_partitioning.value
    }
  }

  lifecycle {
    # A newer version of Concord adds its columns itself, and `concord retention` sets how long partitions are kept.
    ignore_changes = [schema, time_partitioning[0].expiration_ms]
  }
}

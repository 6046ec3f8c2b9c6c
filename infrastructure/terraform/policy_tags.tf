# A policy tag for each kind of personal column in pii.yml. dbt puts them on the columns (CONCORD_POLICY_TAGS), Terraform says
# who may select these. Only with `enable_policy_tags`.

locals {
  all_personal_kinds = keys(yamldecode(file("${path.module}/../../pii.yml")).columns)
  personal_kinds     = toset(var.enable_policy_tags ? local.all_personal_kinds : [])

  policy_tags = join(",", [for kind, tag in google_data_catalog_policy_tag.kind : "${kind}=${tag.name}"])

  # All of them read whole tables already, and a table with a column that they may not select would stop them.
  tag_accounts = merge(
    {
      nightly = google_service_account.nightly.member
      backup  = google_service_account.backup.member
      ci      = google_service_account.ci.member
    },
    { for account in google_service_account.api : "api" => account.member },
  )
  tag_grants = merge([
    for kind in local.personal_kinds : merge(
      { for name, member in local.tag_accounts : "${kind} ${name}" => { kind = kind, member = member } },
      { for member in lookup(var.personal_data_readers, kind, []) : "${kind} ${member}" => { kind = kind, member = member } },
    )
  ]...)
}

resource "google_data_catalog_taxonomy" "personal" {
  count = var.enable_policy_tags ? 1 : 0

  region                 = lower(var.location)
  display_name           = "concord_personal_data"
  description            = "Kinds of personal columns, as in pii.yml."
  activated_policy_types = ["FINE_GRAINED_ACCESS_CONTROL"]

  depends_on = [google_project_service.this]
}

resource "google_data_catalog_policy_tag" "kind" {
  for_each = local.personal_kinds

  taxonomy     = google_data_catalog_taxonomy.personal[0].id
  display_name = each.value
  description  = "Columns with personal data of the kind ${each.value}."
}

resource "google_data_catalog_policy_tag_iam_member" "reads" {
  for_each = local.tag_grants

  policy_tag = google_data_catalog_policy_tag.kind[each.value.kind].name
  role       = "roles/datacatalog.categoryFineGrainedReader"
  member     = each.value.member
}

# dataEditor may not tag a column. Who may tag changes only tables that it may change.
resource "google_project_iam_custom_role" "tagger" {
  count = var.enable_policy_tags ? 1 : 0

  role_id     = "concordTagger"
  title       = "Concord: puts policy tags on columns"
  description = "Sets the policy tags of tables that it may change."
  permissions = ["bigquery.tables.setCategory", "datacatalog.taxonomies.get"]
  depends_on  = [google_project_service.this]
}

# What a pull request builds of personal columns is as personal as production's.
resource "google_project_iam_member" "ci_tags" {
  count = var.enable_policy_tags ? 1 : 0

  project = var.project
  role    = google_project_iam_custom_role.tagger[0].name
  member  = google_service_account.ci.member
}

resource "google_project_iam_member" "nightly_tags" {
  count = var.enable_policy_tags ? 1 : 0

  project = var.project
  role    = google_project_iam_custom_role.tagger[0].name
  member  = google_service_account.nightly.member
}

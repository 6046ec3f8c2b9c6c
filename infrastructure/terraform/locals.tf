locals {
  labels = {
    app         = "concord"
    environment = var.environment
    managed_by  = "terraform"
  }

  # One dataset per layer. The one without a suffix is dbt's default and stays empty. `ops` holds what
  # cannot be computed again: the log of the runs and the alerts. Others read `published` only;
  # `previous` holds what a deployment would bring back there.
  layers = {
    base         = var.dataset
    seeds        = "${var.dataset}_seeds"
    staging      = "${var.dataset}_staging"
    standardized = "${var.dataset}_standardized"
    matching     = "${var.dataset}_matching"
    entities     = "${var.dataset}_entities"
    marts        = "${var.dataset}_marts"
    ops          = "${var.dataset}_ops"
    published    = "${var.dataset}_published"
    snapshots    = "${var.dataset}_snapshots"
    previous     = "${var.dataset}_previous"
  }

  # What `concord train` builds beside the layers. The account may create no dataset, and one of its own would have no key.
  candidate_layers = {
    base         = "${var.dataset}_candidate"
    seeds        = "${var.dataset}_candidate_seeds"
    staging      = "${var.dataset}_candidate_staging"
    standardized = "${var.dataset}_candidate_standardized"
    matching     = "${var.dataset}_candidate_matching"
  }

  # Where the tables lie that `concord backup` saves: the ledger, decisions and the run log, the history of
  # quality, and what was believed.
  saved_layers = {
    marts     = "${var.dataset}_marts"
    ops       = "${var.dataset}_ops"
    snapshots = "${var.dataset}_snapshots"
  }

  declared_sources = keys(yamldecode(file("${path.module}/../../dbt_project.yml")).vars.sources)
  sources          = length(var.sources) > 0 ? var.sources : toset(local.declared_sources)

  raw_datasets = { for source in local.sources : source => "${var.raw_prefix}raw_${source}" }
  # `concord load` writes the files itself; all others belong to a connector and are only read.
  connector_datasets = { for source, dataset in local.raw_datasets : source => dataset if source != "files" }
  file_datasets      = { for source, dataset in local.raw_datasets : source => dataset if source == "files" }
}

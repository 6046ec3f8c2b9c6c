"""`concord resolve`: one file through the same models as everything else."""

"""The Reconciliation Service API 0.2, which OpenRefine speaks, over what Concord knows."""

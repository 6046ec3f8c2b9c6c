"""What changed between two states of the ledger: merged, split, moved, new and gone."""

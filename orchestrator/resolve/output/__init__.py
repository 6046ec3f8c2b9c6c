"""What `concord resolve` writes for people: their rows again, golden records, doubtful pairs."""

"""The commands of `concord`, one module each; they are imported when they are called."""

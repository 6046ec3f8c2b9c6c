"""The files that a command writes: who may read them, and how they are exchanged whole."""

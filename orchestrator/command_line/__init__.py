"""How the command line is read and answered: options, names that were meant, JSON."""

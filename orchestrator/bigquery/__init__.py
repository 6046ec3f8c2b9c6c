"""How the warehouse is opened and asked: accounts, patience, and errors in words."""

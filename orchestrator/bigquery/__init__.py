"""How the warehouse is opened and asked: accounts, patience, pace, and errors in words."""

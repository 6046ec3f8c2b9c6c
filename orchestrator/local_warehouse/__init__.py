"""The local warehouse: BigQuery's API on this machine, on bqemulator and DuckDB.

`process` starts, finds and stops it; `server` is the child process itself; `fixes` holds what
this project repairs in bqemulator.
"""

"""Runs a built dbt project a second time, in Google's reference evaluator, and compares the rows.

`make check-semantics` calls it (tests/semantics builds what it compares).

The analyzer says whether BigQuery takes a statement; this says whether the local warehouse made of
it what BigQuery makes. One model at a time is evaluated on the rows that the warehouse has for its
inputs, in another order, and its result compared with the warehouse's own.
"""

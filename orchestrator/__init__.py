"""Concord's command line: loads raw data, runs the dbt project and reports what came out."""

__version__ = "0.1.0"

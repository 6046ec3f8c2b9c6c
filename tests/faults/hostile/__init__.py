"""Rows as no connector should deliver them, for every raw table and every type of column."""

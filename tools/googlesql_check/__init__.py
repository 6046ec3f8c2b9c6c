"""Google's own SQL analyzer over everything that dbt compiles."""

{{ config(materialized='view') }}

-- What could give each field of a golden record.
{{ field_candidates('company') }}

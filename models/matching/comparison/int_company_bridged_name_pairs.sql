{{ config(materialized='view') }}

-- Step 6.4 of docs/model/matching.md: how alike the names of bridged pairs are.
{{ company_name_pairs(ref('int_company_bridged_pairs')) }}

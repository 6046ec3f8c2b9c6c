{{ config(materialized='view') }}

-- Step 6.5 of docs/model/matching.md: the levels of bridged pairs.
{{ compared_company_pairs(ref('int_company_bridged_pairs'), ref('int_company_bridged_name_pairs')) }}

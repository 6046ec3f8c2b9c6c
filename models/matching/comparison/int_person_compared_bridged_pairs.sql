{{ config(materialized='view') }}

-- Step 6.5 of docs/model/matching.md: the levels of bridged pairs.
{{ compared_person_pairs(ref('int_person_bridged_pairs')) }}

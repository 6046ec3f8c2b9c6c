{{ config(materialized='view') }}

-- Step 4.3 of docs/model/matching.md: the levels of each record that has copies, beside itself.
{{ compared_person_pairs(copied_records(ref('int_person_features'), ref('int_person_blocking_keys'))) }}

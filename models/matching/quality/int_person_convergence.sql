{{ config(materialized='view') }}

-- Step 8.6 of docs/model/matching.md: whether training and clustering came to their end.
{{ convergence('person', ref('int_person_em'), ref('int_person_linkage')) }}

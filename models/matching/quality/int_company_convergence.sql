{{ config(materialized='view') }}

-- Step 8.6 of docs/model/matching.md: whether training and clustering came to their end.
{{ convergence('company', ref('int_company_em'), ref('int_company_linkage')) }}

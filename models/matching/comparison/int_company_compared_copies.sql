{{ config(materialized='view') }}

-- Step 4.3 of docs/model/matching.md: the levels of each record that has copies, beside itself.
{{ compared_company_pairs(
    copied_records(ref('int_company_features'), ref('int_company_blocking_keys')),
    ref('int_company_name_pairs'),
) }}

{{ config(materialized='view') }}

{{ compared_company_pairs(
    copied_records(ref('int_company_features'), ref('int_company_blocking_keys')),
    ref('int_company_name_pairs'),
) }}

{{ config(materialized='view') }}

{{ compared_company_pairs(ref('int_company_bridged_pairs'), ref('int_company_bridged_name_pairs')) }}

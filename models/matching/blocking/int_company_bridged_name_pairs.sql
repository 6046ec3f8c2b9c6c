{{ config(materialized='view') }}

{{ company_name_pairs(ref('int_company_bridged_pairs')) }}

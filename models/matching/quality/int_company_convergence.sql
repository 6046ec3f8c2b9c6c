{{ config(materialized='view') }}

{{ convergence('company', ref('int_company_em'), ref('int_company_linkage')) }}

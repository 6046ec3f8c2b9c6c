{{ config(materialized='view') }}

{{ convergence('person', ref('int_person_em'), ref('int_person_linkage')) }}

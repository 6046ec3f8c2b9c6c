{{ config(materialized='view') }}

{{ compared_person_pairs(ref('int_person_bridged_pairs')) }}

{{ config(materialized='view') }}

{{ compared_person_pairs(copied_records(ref('int_person_features'), ref('int_person_blocking_keys'))) }}

{{ config(group='matching') }}

-- The records of one of the companies, each with what holds it there.
{{ entity_members('company') }}
order by record_id

{{ config(group='matching') }}

-- The records of one of the people, each with what holds it there.
{{ entity_members('person') }}
order by record_id

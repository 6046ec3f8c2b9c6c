-- The golden record of one of the people.
select * from {{ ref('dim_persons') }}
where person_id = {{ fill_in('entity_id') }}

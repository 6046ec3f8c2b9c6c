{{ config(group='matching') }}

-- Which decisions and hard conflicts are about two people, or about the entities that they are in.
{{ pair_constraints('person') }}
order by constraint_name

{{ config(group='matching') }}

-- Which decisions and hard conflicts are about two companies, or about the entities that they are in.
{{ pair_constraints('company') }}
order by constraint_name

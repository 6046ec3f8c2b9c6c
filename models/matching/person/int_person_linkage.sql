{{ config(materialized='iterated', meta={'initial': 'int_person_linkage_initial', 'max_rounds': 60}) }}
{{ linkage_round('person', ref('int_person_linkage_initial')) }}

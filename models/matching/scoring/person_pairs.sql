{{ config(materialized='view') }}

-- Every pair that has a weight: those that blocking found, and those that the clustering asked for.
select * except (pair_hash) from {{ ref('int_person_scored_blocked_pairs') }}
union all
select * from {{ ref('int_person_scored_bridged_pairs') }}

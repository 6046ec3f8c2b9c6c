{#- The clustering is finished: one more round of linkage would merge nothing. Where it reached its last round
    before, it says so itself (assert_iterations_are_settled). -#}
{% test linkage_leaves_no_merge(model, entity) %}

with

linkage as (

    select * from {{ model }}
    where is_converged

),

members as (

    select * from linkage
    where row_type = 'member'

),

edges as (

    select * from linkage
    where row_type = 'edge'

),

constraints as (

    select * from linkage
    where row_type = 'constraint'

),

{{ linkage_merges(entity) }}

select * from merges

{% endtest %}

-- noqa: disable=LT02
{#- The linter takes the head of a test for an indent where no SQL follows it. -#}
{#- The clustering is finished: one more round of linkage would merge nothing. Where it reached its last round
    before, it says so itself (assert_iterations_are_settled). -#}
{% test linkage_leaves_no_merge(model, entity) %}

{{ config(tags=['development']) }}

{{ linkage_merges(entity, '(select * from ' ~ model ~ ' where is_converged)') }}

{% endtest %}

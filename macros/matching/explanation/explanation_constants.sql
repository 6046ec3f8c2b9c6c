{#- How much is explained and asked; every bound is linear in the records, never in their pairs.
    pairs_of_a_record   Of the pairs of a record with the rest of its cluster, the strongest so many are explained.
    review_cases        The review queue holds so many cases of an entity and a question at most. -#}
{% macro explanation_constants() %}
    {{ return({
        'pairs_of_a_record': 3,
        'review_cases': 1000,
    }) }}
{% endmacro %}

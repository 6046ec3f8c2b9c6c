{#- How many matches the model expects, as CTEs of one row each: `pair_counts` among the compared pairs,
    `copy_counts` among copies, `cluster_pairs` inside the clusters and `blocking` by the number of witnesses. Reads
    the CTEs `scored_pairs`, `support`, `witnesses` and `thresholds`; part of expected_quality. -#}
{% macro expected_matches(scored_copies) %}
pair_counts as (

    select
        count(*) as n_compared_pairs,
        countif(
            scored_pairs.match_weight between thresholds.review_weight and thresholds.accept_weight
        ) as n_review_pairs,
        coalesce(
            {{ exact_sum('scored_pairs.n_record_pairs * scored_pairs.match_probability') }}, 0.0
        ) as compared_matches,
    from scored_pairs
    cross join thresholds

),

copy_counts as (

    select coalesce({{ exact_sum('n_record_pairs * match_probability') }}, 0.0) as compared_matches
    from {{ scored_copies }}

),

-- Every pair of a cluster stands at both of its records, hence the halves.
cluster_pairs as (

    select
        div(cast(coalesce(sum(n_records - 1), 0) as int64), 2) as n_pairs,
        div(cast(coalesce(sum(n_scored_pairs), 0) as int64), 2) as n_scored_pairs,
        coalesce({{ exact_sum('total_probability') }}, 0.0) / 2 as scored_matches,
        {%- for matches, probability in {
            'matches': 'membership_probability',
            'lowest_matches': 'lowest_probability',
            'highest_matches': 'highest_probability',
        }.items() %}
            coalesce({{ exact_sum('(support_rank - 1) * ' ~ probability) }}, 0.0) as {{ matches }},
        {%- endfor %}
    from support

),

blocking as (

    select
        {%- for name, number in {'by_clustering': 0, 'once': 1, 'twice': 2, 'more_often': 3}.items() %}
            coalesce(
                {{ exact_sum('if(n_witnesses = ' ~ number ~ ', expected_matches, 0.0)') }}, 0.0
            ) as caught_{{ name }},
        {%- endfor %}
    from witnesses

)
{% endmacro %}

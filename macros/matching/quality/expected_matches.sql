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
        coalesce({{ exact_sum('(support_rank - 1) * membership_probability') }}, 0.0) as matches,
    from support

),

blocking as (

    select
        coalesce({{ exact_sum('if(n_witnesses = 0, expected_matches, 0.0)') }}, 0.0) as caught_by_clustering,
        coalesce({{ exact_sum('if(n_witnesses = 1, expected_matches, 0.0)') }}, 0.0) as caught_once,
        coalesce({{ exact_sum('if(n_witnesses = 2, expected_matches, 0.0)') }}, 0.0) as caught_twice,
    from witnesses

)
{% endmacro %}

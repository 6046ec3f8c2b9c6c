{#- Share of matching and of related pairs in each session and among all possible pairs, as CTEs ending in
    `next_shares` and `possible_pairs`; part of em_round. Pairs that blocking did not find count as chance pairs, of
    `lone_pairs` as well. Reads `posteriors` and `shares`. -#}
{% macro em_shares(records) %}
{%- set constants = training_constants() %}
-- Pairs inside a source without duplicates are no candidates.
source_sizes as (

    select
        exclusive_source,
        count(*) as n_records,
    from {{ records }}
    group by exclusive_source

),

possible_pairs as (

    select
        greatest(
            1.0,
            sum(n_records) * (sum(n_records) - 1) / 2
            - sum(if(exclusive_source is null, 0, n_records * (n_records - 1) / 2))
        ) as n_pairs,
    from source_sizes

),

class_counts as (

    select
        session,
        pair_class,
        {{ exact_sum('n_pairs * probability') }} as n_class_pairs,
        {{ exact_sum('n_pairs') }} as n_session_pairs,
    from posteriors
    group by session, pair_class

),

global_counts as (

    select
        pair_class,
        n_class_pairs,
    from class_counts
    where session = 'all_pairs'

),

next_shares as (

    select
        shares.session,
        shares.pair_class,
        if(
            shares.session in ('all_pairs', 'random_pairs', 'lone_pairs'),
            least(
                {{ constants.largest_share }},
                (
                    coalesce(
                        if(shares.session = 'lone_pairs', class_counts.n_class_pairs, global_counts.n_class_pairs), 0
                    )
                    + {{ constants.possible_class_pairs }}
                )
                / (coalesce(possible_pairs.n_pairs, 1) + {{ constants.possible_pseudo_pairs }})
            ),
            (class_counts.n_class_pairs + {{ constants.class_pseudo_pairs }})
            / (class_counts.n_session_pairs + {{ constants.share_pseudo_pairs }})
        ) as probability,
    from shares
    left join class_counts on shares.session = class_counts.session and shares.pair_class = class_counts.pair_class
    left join global_counts on shares.pair_class = global_counts.pair_class
    cross join possible_pairs

)
{% endmacro %}

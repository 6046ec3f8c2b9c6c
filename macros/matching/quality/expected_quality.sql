{#- One row: what the model itself expects of its result, without any label. Matches are expected numbers, sums of
    probabilities. -#}
{% macro expected_quality(entity, clusters, scored_pairs, scored_copies, record_support, blocking_witnesses) %}
with

clusters as (

    select * from {{ clusters }}

),

scored_pairs as (

    select * from {{ scored_pairs }}

),

support as (

    select * from {{ record_support }}

),

witnesses as (

    select * from {{ blocking_witnesses }}

),

thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

record_counts as (

    select
        count(*) as n_records,
        countif(n_records = 1) as n_unmatched_records,
    from clusters

),

{{ expected_matches(scored_copies) }},

estimated as (

    select
        record_counts.n_records,
        record_counts.n_unmatched_records,
        pair_counts.n_compared_pairs,
        pair_counts.n_review_pairs,
        cluster_pairs.n_pairs as n_accepted_pairs,
        cluster_pairs.matches as accepted_matches,
        cluster_pairs.matches / nullif(cluster_pairs.n_pairs, 0) as expected_precision,
        (
            cluster_pairs.scored_matches
            + (cluster_pairs.n_pairs - cluster_pairs.n_scored_pairs)
            * {{ probability_of_weight('thresholds.lowest_pair_weight') }}
        )
        / nullif(cluster_pairs.n_pairs, 0) as mean_pair_probability,
        greatest(pair_counts.compared_matches + copy_counts.compared_matches - cluster_pairs.scored_matches, 0.0)
            as rejected_matches,
        {{ chao_lower_bound('blocking.caught_once', 'blocking.caught_twice') }}
        - blocking.caught_by_clustering as never_compared_matches,
        cluster_pairs.n_pairs - cluster_pairs.n_scored_pairs as n_joined_without_comparison,
    from record_counts
    cross join pair_counts
    cross join copy_counts
    cross join cluster_pairs
    cross join blocking
    cross join thresholds

),

-- Some of the matches that blocking missed are in a cluster anyway, through other records.
missed as (

    select
        *,
        greatest(
            never_compared_matches - n_joined_without_comparison * coalesce(expected_precision, 0.0), 0.0
        ) as unblocked_matches,
    from estimated

),

recalled as (

    select
        *,
        accepted_matches / nullif(accepted_matches + rejected_matches + unblocked_matches, 0) as expected_recall,
    from missed

),

final as (

    select
        '{{ entity }}' as entity,
        cast(n_records as int64) as n_records,
        cast(n_compared_pairs as int64) as n_compared_pairs,
        cast(n_accepted_pairs as int64) as n_accepted_pairs,
        cast(n_review_pairs as int64) as n_review_pairs,
        n_unmatched_records / nullif(n_records, 0) as unmatched_share,
        mean_pair_probability,
        expected_precision,
        rejected_matches as expected_rejected_matches,
        unblocked_matches as expected_unblocked_matches,
        expected_recall,
        2 * expected_precision * expected_recall / nullif(expected_precision + expected_recall, 0) as expected_f1,
    from recalled

)

select * from final
{% endmacro %}

{#- One row: what the model itself expects of its result, without any label. Matches are expected numbers, sums of
    probabilities. -#}
{% macro expected_quality(
    entity, clusters, blocking_keys, scored_pairs, scored_copies, record_support, blocking_witnesses
) %}
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

keyed_records as (

    select distinct record_key from {{ blocking_keys }}

),

record_counts as (

    select
        count(*) as n_records,
        countif(clusters.n_records = 1) as n_unmatched_records,
        countif(keyed_records.record_key is not null) / nullif(count(*), 0) as keyed_share,
    from clusters
    left join keyed_records on clusters.distinct_record_key = keyed_records.record_key

),

{{ expected_matches(scored_copies) }},

{{ expected_shares() }},

final as (

    select
        '{{ entity }}' as entity,
        cast(record_counts.n_records as int64) as n_records,
        cast(pair_counts.n_compared_pairs as int64) as n_compared_pairs,
        cast(estimated.n_pairs as int64) as n_accepted_pairs,
        cast(pair_counts.n_review_pairs as int64) as n_review_pairs,
        record_counts.n_unmatched_records / nullif(record_counts.n_records, 0) as unmatched_share,
        (
            estimated.scored_matches
            + estimated.n_joined_without_comparison * {{ probability_of_weight('thresholds.lowest_pair_weight') }}
        )
        / nullif(estimated.n_pairs, 0) as mean_pair_probability,
        estimated.expected_precision,
        estimated.rejected_matches as expected_rejected_matches,
        estimated.unblocked_matches as expected_unblocked_matches,
        estimated.expected_recall,
        2 * estimated.expected_precision * estimated.expected_recall
        / nullif(estimated.expected_precision + estimated.expected_recall, 0) as expected_f1,
        estimated.n_witnesses,
        estimated.right_share_lower as expected_precision_lower,
        estimated.right_share_upper as expected_precision_upper,
        estimated.expected_recall_lower,
        estimated.expected_recall_upper,
    from estimated
    cross join record_counts
    cross join pair_counts
    cross join thresholds

)

select * from final
{% endmacro %}

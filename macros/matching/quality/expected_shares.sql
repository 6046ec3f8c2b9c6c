{#- Precision and recall from expected matches, with their ranges, as CTEs ending in `estimated`. A share is null where
    there is nothing to say: nothing was joined, its range is too wide for its witnesses, or more matches are thought
    to be missing than were found. Reads the CTEs `record_counts`, `pair_counts`, `copy_counts`, `cluster_pairs` and
    `blocking`; part of expected_quality. -#}
{% macro expected_shares() %}
{%- set constants = quality_constants() -%}
{%- set caught_again = 'caught_twice + caught_more_often' -%}
{%- set least_caught = constants['least_share'] ~ ' * (caught_once + ' ~ caught_again ~ ')' -%}
traps as (

    select
        *,
        case
            when caught_once + {{ caught_again }} = 0 then 0
            when caught_more_often >= {{ least_caught }} then 3
            when {{ caught_again }} >= {{ least_caught }} then 2
            else 1
        end as n_witnesses,
        {{ chao_lower_bound('caught_once', 'caught_twice') }} as never_caught,
    from blocking

),

joined as (

    select
        *,
        matches / nullif(n_pairs, 0) as right_share,
        lowest_matches / nullif(n_pairs, 0) as right_share_lower,
        highest_matches / nullif(n_pairs, 0) as right_share_upper,
        n_pairs - n_scored_pairs as n_joined_without_comparison,
    from cluster_pairs

),

-- Of the matches that blocking missed the clustering found some, and some are in a cluster through other records.
-- With as few traps as n_witnesses the bound is lower: half of it for two, all of it for a great many.
missed as (

    select
        joined.*,
        traps.n_witnesses,
        pow(record_counts.keyed_share, 2) as reached_share,
        greatest(pair_counts.compared_matches + copy_counts.compared_matches - joined.scored_matches, 0.0)
            as rejected_matches,
        {%- for name, share in {
            'uncaught_matches': '(traps.n_witnesses - 1) / nullif(traps.n_witnesses, 0)',
            'fewest_uncaught_matches': '0.5',
            'most_uncaught_matches': '1',
        }.items() %}
            greatest(
                traps.never_caught * {{ share }}
                - traps.caught_by_clustering
                - joined.n_joined_without_comparison * coalesce(joined.right_share, 0.0),
                0.0
            ) as {{ name }},
        {%- endfor %}
    from joined
    cross join record_counts
    cross join pair_counts
    cross join copy_counts
    cross join traps

),

-- No trap reaches a record without a blocking key. It is thought to have as many matches as any other.
reached as (

    select
        *,
        if(
            n_witnesses < 2,
            null,
            uncaught_matches / nullif(reached_share, 0)
            + (matches + rejected_matches) * (1 / nullif(reached_share, 0) - 1)
        ) as unblocked_matches,
        right_share_upper - right_share_lower <= {{ constants['range_per_witness'] }} * n_witnesses
            as is_precision_known,
        pow(2, {{ constants['weight_error'] }}) as odds_error,
    from missed

),

judged as (

    select
        *,
        is_precision_known and unblocked_matches <= matches + rejected_matches as is_recall_known,
    from reached

),

estimated as (

    select
        *,
        if(is_precision_known, right_share, null) as expected_precision,
        if(
            is_recall_known,
            matches / nullif(matches + rejected_matches + unblocked_matches, 0),
            null
        ) as expected_recall,
        if(
            is_recall_known,
            reached_share * lowest_matches
            / nullif(lowest_matches + rejected_matches * odds_error + most_uncaught_matches, 0),
            null
        ) as expected_recall_lower,
        highest_matches
        / nullif(
            highest_matches
            + rejected_matches / odds_error
            + if(is_recall_known, fewest_uncaught_matches, 0.0),
            0
        ) as expected_recall_upper,
    from judged

)
{% endmacro %}

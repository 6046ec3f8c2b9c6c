{{ config(tags=['development']) }}

-- Shares are between 0 and 1, counts fit each other, and what is missing is missing for a reason.
with

match_quality as (

    select * from {{ ref('match_quality') }}

),

problems as (

    select *
    from match_quality
    where
        n_records is null
        or n_compared_pairs is null
        or n_labelled_pairs is null
        or n_labels_without_record is null
        or n_review_pairs > n_compared_pairs
        or expected_rejected_matches < 0
        or expected_unblocked_matches < 0
        or not coalesce(unmatched_share between 0 and 1, n_records = 0)
        or not coalesce(mean_pair_probability between 0 and 1, n_accepted_pairs = 0)
        or not coalesce(expected_precision_lower between 0 and 1, true)
        or not coalesce(expected_precision_upper between 0 and 1, true)
        or not coalesce(expected_precision between expected_precision_lower and expected_precision_upper, true)
        -- Null with a range: there is nothing to say.
        or not coalesce(
            expected_precision between 0 and 1, n_accepted_pairs = 0 or expected_precision_upper is not null
        )
        or not coalesce(expected_recall between expected_recall_lower and expected_recall_upper, true)
        or not coalesce(
            expected_recall between 0 and 1, n_accepted_pairs = 0 or expected_precision_upper is not null
        )
        or not coalesce(labelled_precision between labelled_precision_lower and labelled_precision_upper, true)
        or not coalesce(labelled_recall between labelled_recall_lower and labelled_recall_upper, true)
        or not coalesce(labelled_f1 between labelled_f1_lower and labelled_f1_upper, true)
        or population_stability_index < 0

)

select * from problems

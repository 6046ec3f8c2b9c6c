-- Step 8.3 of docs/model/matching.md: precision and recall that the model itself expects.
{{ expected_quality(
    'company',
    ref('company_clusters'),
    ref('int_company_blocking_keys'),
    ref('company_pairs'),
    ref('int_company_scored_copies'),
    ref('int_company_record_support'),
    ref('int_company_blocking_witnesses'),
) }}

-- Step 8.4 of docs/model/matching.md: precision and recall on labelled pairs.
{{ labelled_quality(
    'company',
    ref('company_clusters'),
    ref('labelled_pairs'),
    ref('int_company_decision_outcomes'),
) }}

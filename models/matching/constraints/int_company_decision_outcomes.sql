-- Step 7.8 of docs/model/matching.md: what became of each decision.
{{ decision_outcomes(
    'company',
    ref('int_company_decision_sides'),
    ref('int_company_bound_records'),
    ref('int_company_must_links'),
    ref('int_company_kept_apart'),
    ref('int_company_copies'),
    ref('company_clusters'),
    ref('company_pairs'),
) }}

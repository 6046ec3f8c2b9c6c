-- Step 6.3 of docs/model/matching.md: pairs that blocking missed and a third record bridges.
{{ bridged_pairs(
    'company',
    ref('int_company_features'),
    ref('int_company_scored_blocked_pairs'),
    ref('int_company_decision_sides'),
    ref('int_company_copies'),
) }}

-- Step 9.2 of docs/model/matching.md: clusters that are nearly one, and those that are nearly two.
{{ review_cases(
    'company',
    ref('company_clusters'),
    ref('int_company_features'),
    ref('company_pairs'),
    ref('int_company_linkage'),
    ref('int_company_bridges'),
    ref('int_company_decision_sides'),
) }}

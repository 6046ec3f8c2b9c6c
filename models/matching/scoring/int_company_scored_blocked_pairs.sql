-- Step 6.1 of docs/model/matching.md: the weight of every pair that blocking found.
{{ scored_pairs(
    'company',
    company_model(),
    ref('int_company_compared_pairs'),
    ref('company_match_parameters'),
    ref('int_company_features'),
    ref('int_relations'),
) }}

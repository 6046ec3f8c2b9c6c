-- Step 6.5 of docs/model/matching.md: the weight of bridged pairs.
{{ scored_pairs(
    'company',
    company_model(),
    ref('int_company_compared_bridged_pairs'),
    ref('company_match_parameters'),
    ref('int_company_features'),
    ref('int_relations'),
) }}

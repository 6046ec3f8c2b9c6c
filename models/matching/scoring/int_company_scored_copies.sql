-- Step 6.2 of docs/model/matching.md: the weight that copies have with one another.
{{ scored_pairs(
    'company',
    company_model(),
    ref('int_company_compared_copies'),
    ref('company_match_parameters'),
    ref('int_company_features'),
    ref('int_relations'),
) }}

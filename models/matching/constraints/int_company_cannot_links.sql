-- Step 1.6 of docs/model/matching.md: what keeps records apart, decisions and hard conflicts.
{{ cannot_links(
    'company',
    ref('int_company_decision_sides'),
    ref('int_company_copies'),
    ref('int_company_distinct_records'),
) }}

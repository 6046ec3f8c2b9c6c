-- Step 1.5 of docs/model/matching.md: the records that decisions bind together.
{{ must_links(
    'company',
    ref('int_company_bound_records'),
    ref('int_company_decision_sides'),
    ref('int_company_copies'),
) }}

-- Step 2.1 of docs/model/matching.md: how common each value is.
{{ term_frequencies('company', company_model(), ref('int_company_distinct_records')) }}

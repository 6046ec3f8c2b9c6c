-- Step 7.1 of docs/model/matching.md: the pairs that a source says are one.
{{ hard_links(ref('int_company_distinct_records'), ref('int_company_features')) }}

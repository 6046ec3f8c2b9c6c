-- Step 7.1 of docs/model/matching.md: the pairs that a source says are one.
{{ hard_links(ref('int_person_distinct_records'), ref('int_person_features')) }}

-- Step 1.2 of docs/model/matching.md: one row per distinct record, which is what is matched.
{{ distinct_records(ref('int_person_records'), ref('int_person_copies')) }}

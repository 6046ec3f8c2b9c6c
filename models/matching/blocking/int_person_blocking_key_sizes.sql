-- Step 3.2 of docs/model/matching.md: how many records share each key, counted before any join.
{{ blocking_key_sizes(ref('int_person_blocking_keys'), ref('person_blocking_rules')) }}

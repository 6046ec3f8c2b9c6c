-- Step 3.3 of docs/model/matching.md: keys that too many records share are refined.
{{ blocks(ref('int_person_blocking_keys'), ref('int_person_blocking_key_sizes'), ref('person_blocking_rules')) }}

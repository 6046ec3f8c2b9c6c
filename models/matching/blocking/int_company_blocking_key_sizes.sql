-- Step 3.2 of docs/model/matching.md: how many records share each key, counted before any join.
{{ blocking_key_sizes(ref('int_company_blocking_keys'), ref('company_blocking_rules')) }}

-- Step 3.3 of docs/model/matching.md: keys that too many records share are refined.
{{ blocks(ref('int_company_blocking_keys'), ref('int_company_blocking_key_sizes'), ref('company_blocking_rules')) }}

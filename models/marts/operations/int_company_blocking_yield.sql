-- Step 8.5 of docs/model/matching.md: what each blocking rule brings.
{{ blocking_yield(
    'company',
    ref('int_company_blocking_keys'),
    ref('int_company_blocking_key_sizes'),
    ref('int_company_blocks'),
    ref('company_pairs'),
    ref('company_blocking_rules'),
) }}

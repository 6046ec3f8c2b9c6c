-- Step 8.5 of docs/model/matching.md: what each blocking rule brings.
{{ blocking_yield(
    'person',
    ref('int_person_blocking_keys'),
    ref('int_person_blocking_key_sizes'),
    ref('int_person_blocks'),
    ref('person_pairs'),
    ref('person_blocking_rules'),
) }}

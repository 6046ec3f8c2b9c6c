-- Step 1.1 of docs/model/matching.md: records that say the same, each with the one that stands for all of them.
{{ record_copies(
    ref('int_person_records'),
    ref('int_person_decided_records'),
    ref('int_company_copies'),
) }}

-- Step 1.1 of docs/model/matching.md: records that say the same, each with the one that stands for all of them.
{{ record_copies(ref('int_company_records'), ref('int_company_decided_records')) }}

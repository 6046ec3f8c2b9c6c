-- Step 8.11 of docs/model/matching.md: values that two of them hardly share, and whether one cluster has them.
{{ repeated_values('company', ref('int_company_records'), ref('company_clusters')) }}

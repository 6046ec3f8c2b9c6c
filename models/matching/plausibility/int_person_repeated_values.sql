-- Step 8.11 of docs/model/matching.md: values that two of them hardly share, and whether one cluster has them.
{{ repeated_values('person', ref('int_person_records'), ref('person_clusters')) }}

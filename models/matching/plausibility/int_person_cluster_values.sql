-- Step 8.10 of docs/model/matching.md: values of which one person has few, counted in each cluster.
{{ cluster_values('person', ref('int_person_records'), ref('person_clusters')) }}

-- Step 8.10 of docs/model/matching.md: values of which one company has few, counted in each cluster.
{{ cluster_values('company', ref('int_company_records'), ref('company_clusters')) }}

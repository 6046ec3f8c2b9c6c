-- Step 9.1 of docs/model/matching.md: where each cluster would fall apart first.
{{ cluster_bridges(ref('company_clusters'), ref('int_company_linkage')) }}

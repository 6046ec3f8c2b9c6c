-- Step 9.1 of docs/model/matching.md: where each cluster would fall apart first.
{{ cluster_bridges(ref('person_clusters'), ref('int_person_linkage')) }}

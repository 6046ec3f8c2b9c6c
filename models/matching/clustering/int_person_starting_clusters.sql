-- Step 7.2 of docs/model/matching.md: where the clustering starts.
{{ starting_clusters('person', ref('person_pairs'), ref('int_person_hard_links'), ref('int_person_must_links')) }}

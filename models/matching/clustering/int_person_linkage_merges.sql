-- Step 7.4 of docs/model/matching.md: who merges in the first round.
{{ linkage_merges('person', ref('int_person_linkage_initial')) }}

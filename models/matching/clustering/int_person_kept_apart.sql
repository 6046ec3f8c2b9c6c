-- Step 7.7 of docs/model/matching.md: clusters that would merge, and what keeps them apart.
{{ kept_apart('person', ref('int_person_linkage')) }}

-- Round 0 of the households: each of their members alone.
{{ component_initial(ref('int_household_pairs')) }}

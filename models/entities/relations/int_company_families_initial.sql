-- Round 0 of the families of branches: each of them alone.
{{ component_initial(ref('int_company_family_pairs')) }}

{{ match_parameters('person', ref('int_person_em')) }}

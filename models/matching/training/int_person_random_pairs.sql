{{ random_pairs('person', ref('int_person_features')) }}

{{ blocking_key_sizes(ref('int_person_blocking_keys'), ref('person_blocking_rules')) }}

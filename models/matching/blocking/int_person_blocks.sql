{{ blocks(ref('int_person_blocking_keys'), ref('int_person_blocking_key_sizes'), ref('person_blocking_rules')) }}

{{ training_evidence(person_model(), ref('int_person_comparison_vectors'), ref('person_blocking_rules')) }}

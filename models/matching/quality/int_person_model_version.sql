{{ model_version(ref('int_person_parameters')) }}

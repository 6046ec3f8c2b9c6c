{{ model_version(ref('person_match_parameters')) }}

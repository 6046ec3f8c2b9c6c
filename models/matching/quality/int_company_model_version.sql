{{ model_version(ref('company_match_parameters')) }}

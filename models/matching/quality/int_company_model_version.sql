{{ model_version(ref('int_company_parameters')) }}

{{ match_parameters('company', ref('int_company_em')) }}

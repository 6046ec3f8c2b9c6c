{{ random_pairs('company', ref('int_company_features')) }}

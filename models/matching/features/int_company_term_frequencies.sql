{{ term_frequencies('company', company_model(), ref('int_company_distinct_records')) }}

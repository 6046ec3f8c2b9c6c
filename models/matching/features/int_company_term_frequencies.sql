{{ term_frequencies(
    'company',
    {
        'company_name': ('company_name', ref('int_company_distinct_records')),
        'postcode': ('postcode', ref('int_company_distinct_records')),
        'city': ('city', ref('int_company_distinct_records')),
    },
    company_term_frequency_levels(),
) }}

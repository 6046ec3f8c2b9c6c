{{ term_frequencies(
    'company',
    {
        'company_name': ('company_name', ref('int_company_records')),
        'postcode': ('postcode', ref('int_company_records')),
        'city': ('city', ref('int_company_records')),
    },
    company_term_frequency_levels(),
) }}

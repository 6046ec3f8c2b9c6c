{{ term_frequencies(
    'company',
    ref('int_company_records'),
    {'company_name': 'company_name', 'postcode': 'postcode', 'city': 'city'},
    company_term_frequency_levels(),
) }}

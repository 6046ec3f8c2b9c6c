{{ term_frequencies(
    'person',
    ref('int_person_records'),
    {
        'given_name': 'given_name',
        'family_name': 'family_name',
        'postcode': 'postcode',
        'city': 'city',
        'company_name': 'company',
        'job_title': 'job_title',
    },
    person_term_frequency_levels(),
    phonetic_attributes=['given_name', 'family_name'],
) }}

{{ term_frequencies(
    'person',
    {
        'given_name': ('given_name', ref('int_person_names')),
        'family_name': ('family_name', ref('int_person_names')),
        'postcode': ('postcode', ref('int_person_distinct_records')),
        'city': ('city', ref('int_person_distinct_records')),
        'company_name': ('company', ref('int_person_distinct_records')),
        'job_title': ('job_title', ref('int_person_distinct_records')),
    },
    person_term_frequency_levels(),
    phonetic_attributes=['given_name', 'family_name'],
) }}

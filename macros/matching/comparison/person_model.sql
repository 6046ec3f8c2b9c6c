{#- The person model: its comparisons, in reading order. This is the one list of them; `<name>_level` in the compared pairs,
    `weight_<name>` in the scored pairs and all that lies between are made from it.
    name            Its levels stand in its macro `compare_...`, which compared_person_pairs calls; what each level is called
                    and how likely it is before training stands in the seed default_match_parameters.
    slots           Columns of the features that hold the values, where a record may have several. A record with more values
                    than slots still meets its pairs in blocking, and the rule that found them counts as agreement.
    term_frequency  The column whose rare values say more than its common ones, where a pair is on the highest level.
    explained_by    Different people agree for a reason: relation -> share of its pairs that agree as matches do, above 0 and
                    below 1; the others agree by chance. Training learns how many pairs each relation has. -#}
{% macro person_model() %}
    {{ return([
        {
            'name': 'given_name',
            'term_frequency': 'given_name',
            'explained_by': {'household': 0.03},
        },
        {
            'name': 'family_name',
            'term_frequency': 'family_name',
            'explained_by': {'household': 0.9},
        },
        {'name': 'middle_name'},
        {'name': 'name_suffix'},
        {
            'name': 'email',
            'slots': ['email_1', 'email_2', 'email_3', 'shared_email_1', 'shared_email_2'],
            'explained_by': {'household': 0.1},
        },
        {
            'name': 'phone',
            'slots': [
                'phone_1', 'phone_2', 'phone_3', 'few_phone_1', 'few_phone_2', 'shared_phone_1', 'shared_phone_2',
            ],
            'explained_by': {'household': 0.5, 'colleague': 0.5},
        },
        {
            'name': 'identifier',
            'slots': ['identifier_1', 'identifier_2', 'identifier_3', 'identifier_4', 'identifier_5'],
            'explained_by': {'household': 0.02},
        },
        {
            'name': 'date_of_birth',
            'explained_by': {'household': 0.03},
        },
        {
            'name': 'street',
            'explained_by': {'household': 0.95, 'colleague': 0.8},
        },
        {
            'name': 'postcode',
            'term_frequency': 'postcode',
            'explained_by': {'household': 0.95, 'colleague': 0.85},
        },
        {
            'name': 'city',
            'term_frequency': 'city',
            'explained_by': {'household': 0.95, 'colleague': 0.9},
        },
        {
            'name': 'company',
            'term_frequency': 'company_name',
            'explained_by': {'colleague': 0.98},
        },
        {
            'name': 'job_title',
            'term_frequency': 'job_title',
        },
    ]) }}
{% endmacro %}

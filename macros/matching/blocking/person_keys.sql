{#- The blocking keys of people: records that share a key of one of these rules are compared. Each also has a row in
    the seed person_blocking_rules, which switches it on.
    rule        Its name.
    key         Comparison -> what the key takes of it. The parts are joined by a bar; where one is missing, there is
                no key. Records that meet agree on these comparisons, so a training session of the rule must not
                learn them.
    refinement  What splits a key that too many records share.
    rows        The CTE of int_person_blocking_keys that the key is made of, where a record has several rows; `features`
                otherwise.
    is_repeated The rows may give a record the same key twice: two roots of a nickname that start alike. -#}
{% macro person_keys() %}
    {{ return([
        {
            'rule': 'email',
            'key': {'email': 'email'},
            'refinement': 'family_name',
            'rows': 'with_emails',
        },
        {
            'rule': 'phone',
            'key': {'phone': 'phone'},
            'refinement': 'family_name',
            'rows': 'with_phones',
        },
        {
            'rule': 'identifier',
            'key': {'identifier': "identifier.type || ':' || identifier.value"},
            'refinement': 'family_name',
            'rows': 'with_identifiers',
        },
        {
            'rule': 'email_local_part',
            'key': {'email': 'if(length(email_local_part) >= 5 and not is_local_part_common, email_local_part, null)'},
            'refinement': 'family_name',
        },
        {
            'rule': 'full_name',
            'key': {
                'given_name': 'least(given_name_spelling, family_name_spelling)',
                'family_name': 'greatest(given_name_spelling, family_name_spelling)',
            },
            'refinement': 'coalesce(postcode, city, company_key, birth_year)',
        },
        {
            'rule': 'nickname_family_start',
            'key': {'family_name': 'substr(family_name, 1, 4)', 'given_name': 'substr(nickname_root, 1, 3)'},
            'refinement': 'coalesce(postcode_area, city, company_key, birth_year)',
            'rows': 'with_nicknames',
            'is_repeated': true,
        },
        {
            'rule': 'phonetic_name_birth_year',
            'key': {
                'family_name': 'family_name_sound',
                'given_name': 'given_name_sound',
                'date_of_birth': 'birth_year',
            },
            'refinement': 'coalesce(postcode_area, city)',
        },
        {
            'rule': 'name_start_birth_year',
            'key': {
                'given_name': 'substr(given_name, 1, 2)',
                'family_name': 'substr(family_name, 1, 2)',
                'date_of_birth': 'birth_year',
            },
            'refinement': 'coalesce(postcode_area, city)',
        },
        {
            'rule': 'family_name_date_of_birth',
            'key': {'family_name': 'family_name', 'date_of_birth': 'date_of_birth_digits'},
            'refinement': 'substr(given_name, 1, 1)',
            'rows': 'with_readings_of_dates',
        },
        {
            'rule': 'given_name_date_of_birth',
            'key': {'given_name': 'given_name', 'date_of_birth': 'date_of_birth_digits'},
            'refinement': 'substr(family_name, 1, 1)',
            'rows': 'with_readings_of_dates',
        },
        {
            'rule': 'date_of_birth',
            'key': {'date_of_birth': 'date_of_birth_digits'},
            'refinement': 'substr(given_name, 1, 1)',
            'rows': 'with_readings_of_dates',
        },
        {
            'rule': 'date_of_birth_city',
            'key': {'date_of_birth': 'date_of_birth_digits', 'city': 'city'},
            'refinement': 'substr(given_name, 1, 1)',
            'rows': 'with_readings_of_dates',
        },
        {
            'rule': 'turned_date_of_birth',
            'key': {'date_of_birth': 'date_of_birth_turned'},
            'refinement': 'substr(given_name, 1, 1)',
        },
        {
            'rule': 'date_digits_given_name_sound',
            'key': {'date_of_birth': 'date_of_birth_sorted', 'given_name': 'given_name_sound'},
            'refinement': 'substr(family_name, 1, 1)',
        },
        {
            'rule': 'date_digits_family_name_sound',
            'key': {'date_of_birth': 'date_of_birth_sorted', 'family_name': 'family_name_sound'},
            'refinement': 'substr(given_name, 1, 1)',
        },
        {
            'rule': 'family_name_birth_year',
            'key': {'family_name': 'family_name', 'date_of_birth': 'birth_year'},
            'refinement': 'substr(given_name, 1, 1)',
        },
        {
            'rule': 'family_name_city',
            'key': {'family_name': 'family_name_spelling', 'city': 'city_spelling'},
            'refinement': 'substr(given_name, 1, 2)',
        },
        {
            'rule': 'nickname_city',
            'key': {'given_name': 'nickname_root', 'city': 'city'},
            'refinement': 'substr(family_name, 1, 2)',
            'rows': 'with_nicknames',
            'is_repeated': true,
        },
        {
            'rule': 'postcode',
            'key': {'postcode': 'postcode'},
            'refinement': 'substr(given_name, 1, 1)',
        },
        {
            'rule': 'family_name_postcode_area',
            'key': {'family_name': 'family_name', 'postcode': 'postcode_area'},
            'refinement': 'substr(given_name, 1, 1)',
        },
        {
            'rule': 'nickname_postcode_area',
            'key': {'given_name': 'nickname_root', 'postcode': 'postcode_area'},
            'refinement': 'substr(family_name, 1, 1)',
            'rows': 'with_nicknames',
            'is_repeated': true,
        },
        {
            'rule': 'postcode_area_birth_year',
            'key': {'postcode': 'postcode_area', 'date_of_birth': 'birth_year'},
            'refinement': 'substr(given_name, 1, 1)',
        },
        {
            'rule': 'postcode_area_city',
            'key': {'postcode': 'postcode_area', 'city': 'city'},
            'refinement': 'substr(given_name, 1, 1) || substr(family_name, 1, 1)',
        },
        {
            'rule': 'phonetic_name_postcode_area',
            'key': {
                'family_name': 'family_name_sound',
                'given_name': 'substr(given_name, 1, 1)',
                'postcode': 'postcode_area',
            },
            'refinement': 'given_name_sound',
        },
        {
            'rule': 'street',
            'key': {'street': 'street'},
            'refinement': 'coalesce(postcode, city)',
        },
        {
            'rule': 'family_name_company',
            'key': {'family_name': 'family_name', 'company': 'company_key'},
            'refinement': 'substr(given_name, 1, 1)',
        },
        {
            'rule': 'family_name_initial',
            'key': {'family_name': 'family_name', 'given_name': 'substr(given_name, 1, 1)'},
            'refinement': 'coalesce(company_key, postcode_area, city, birth_year)',
        },
        {
            'rule': 'nickname_company',
            'key': {'given_name': 'nickname_root', 'company': 'company_key'},
            'refinement': 'substr(family_name, 1, 1)',
            'rows': 'with_nicknames',
            'is_repeated': true,
        },
    ]) }}
{% endmacro %}

{#- The blocking keys of companies; see person_keys. `rows` are CTEs of int_company_blocking_keys. -#}
{% macro company_keys() %}
    {{ return([
        {
            'rule': 'phone',
            'key': {'phone': 'phone'},
            'refinement': 'first_word',
            'rows': 'with_phones',
        },
        {
            'rule': 'identifier',
            'key': {'identifier': "identifier.type || ':' || identifier.value"},
            'refinement': 'first_word',
            'rows': 'with_identifiers',
        },
        {
            'rule': 'domain',
            'key': {'domain': 'domain'},
            'refinement': 'coalesce(postcode, city)',
            'rows': 'with_domains',
        },
        {
            'rule': 'company_name',
            'key': {'company_name': 'joined_name'},
            'refinement': 'coalesce(postcode, city)',
        },
        {
            'rule': 'name_words',
            'key': {'company_name': 'sorted_words'},
            'refinement': 'coalesce(postcode, city)',
        },
        {
            'rule': 'rare_word',
            'key': {'company_name': 'rare_word'},
            'refinement': 'coalesce(postcode, city)',
            'rows': 'with_rare_words',
        },
        {
            'rule': 'first_word_postcode',
            'key': {'company_name': 'first_word', 'postcode': 'postcode'},
            'refinement': 'rarest_word',
        },
        {
            'rule': 'first_word_city',
            'key': {'company_name': 'first_word', 'city': 'city'},
            'refinement': 'rarest_word',
        },
        {
            'rule': 'rare_word_postcode',
            'key': {'company_name': 'rarest_word', 'postcode': 'postcode'},
            'refinement': 'street',
        },
        {
            'rule': 'street_postcode',
            'key': {'street': 'street', 'postcode': 'postcode'},
            'refinement': 'first_word',
        },
        {
            'rule': 'street_city',
            'key': {'street': 'street', 'city': "coalesce(city, 'no city')"},
            'refinement': 'first_word',
        },
        {
            'rule': 'house_number_postcode',
            'key': {'street': 'cast(house_number as string)', 'postcode': 'postcode'},
            'refinement': 'substr(street, 1, 8)',
        },
        {
            'rule': 'name_start_postcode',
            'key': {'company_name': 'substr(joined_name, 1, 4)', 'postcode': 'postcode'},
            'refinement': 'street',
        },
    ]) }}
{% endmacro %}

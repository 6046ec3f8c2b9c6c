{#- Relations whose pairs can be counted without comparing any: `shared` comparisons agree because the pair is
    related, and the `telling` one says that it is no match. Of a relation that is not here training alone knows how
    many pairs it has. -#}
{% macro counted_relations() %}
    {{ return({
        'household': {
            'shared': [
                {'comparison': 'family_name', 'column': 'family_name'},
                {'comparison': 'street', 'column': 'street'},
            ],
            'telling': {'comparison': 'given_name', 'column': 'given_name'},
        },
        'colleague': {
            'shared': [
                {'comparison': 'company', 'column': 'company_name'},
                {'comparison': 'street', 'column': 'street'},
            ],
            'telling': {'comparison': 'given_name', 'column': 'given_name'},
        },
    }) }}
{% endmacro %}

{#- The comparisons of the person model, in reading order. Each has a column `<name>_level` in int_person_compared_pairs,
    rows in the seed default_match_parameters and a column `weight_<name>` in person_pairs. -#}
{% macro person_comparisons() %}
    {{ return([
        'given_name', 'family_name', 'middle_name', 'name_suffix', 'email', 'phone', 'identifier',
        'date_of_birth', 'street', 'postcode', 'city', 'company', 'job_title',
    ]) }}
{% endmacro %}

{#- What a written entry of a word list would have to be for records to match it: records are compared in this form. -#}
{% macro compared_form(form, expression) -%}
    {%- set forms = {
        'given_name': "regexp_extract(" ~ clean_person_name(expression) ~ ", r'^[^ ]+$')",
        'name': plain_text(expression),
        'company_word': clean_company_name(expression),
        'domain': registrable_domain(expression),
        'host': web_host(expression),
        'address': canonical_email(clean_email(expression)),
        'local_part': email_local_part(canonical_email(clean_email("concat(" ~ expression ~ ", '@example.org')"))),
    } -%}
    {%- if form not in forms -%}
        {{ exceptions.raise_compiler_error('No form "' ~ form ~ '"; there are: ' ~ forms | join(', ')) }}
    {%- endif -%}
    {{ forms[form] }}
{%- endmacro %}

{#- The record id of a row of a loaded file: files:<table>:<source system>:<id>. Two files number their rows on their
    own, so the id alone is no key. A colon in the name of the system is escaped, so that the parts cannot be confused.
    array_to_string() and not concat(): the local warehouse loses struct arrays next to concat(). -#}
{% macro file_record_id(table) -%}
    array_to_string([
        'files:{{ table }}',
        replace(replace({{ file_source_system() }}, '%', '%25'), ':', '%3A'),
        {{ text_or_null('record_id') }}
    ], ':')
{%- endmacro %}

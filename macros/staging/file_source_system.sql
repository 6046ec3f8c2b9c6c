{#- The system that a row of a loaded file comes from; empty means files. -#}
{% macro file_source_system() -%}
    coalesce({{ text_or_null('source_system') }}, 'files')
{%- endmacro %}

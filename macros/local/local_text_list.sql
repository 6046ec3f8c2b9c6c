{# A list of names as comma separated SQL literals. #}
{% macro local_text_list(names) -%}
    {%- for name in names -%} '{{ name }}'{{ ', ' if not loop.last }} {%- endfor -%}
{%- endmacro %}

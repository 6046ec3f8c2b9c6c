{#- SQL of the value, as text, that a comparison of person_model or company_model saw of a side of a pair. -#}
{% macro compared_value(comparison, side) -%}
    {%- if comparison.slots -%}
        nullif(array_to_string([{{ side }}.{{ comparison.slots | join(', ' ~ side ~ '.') }}], ', '), '')
    {%- elif comparison.shown -%}
        coalesce(cast({{ side }}.{{ comparison.shown | join(' as string), cast(' ~ side ~ '.') }} as string))
    {%- else -%}
        {{ side }}.{{ comparison.name }}
    {%- endif -%}
{%- endmacro %}

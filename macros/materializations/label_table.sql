{#- Label a table, beside the labels that it is configured with: they are set all together or not at all. -#}
{% macro label_table(relation, own_labels) %}
    {%- set labels = dict(config.get('labels') or {}) -%}
    {%- do labels.update(own_labels) -%}
    {% call statement() %}
        alter table {{ relation }} set options (labels = [
            {%- for name, value in labels.items() -%}
                ('{{ name }}', '{{ value }}'){{ ', ' if not loop.last }}
            {%- endfor -%}
        ])
    {% endcall %}
{% endmacro %}

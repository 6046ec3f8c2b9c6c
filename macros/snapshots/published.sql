{#- What others read of a model: its published copy. Before anything was published, the model without its rows. -#}
{% macro published(name) -%}
    {%- set model = ref(name) -%}
    {%- set copy = adapter.get_relation(model.database, target.schema ~ '_published', model.identifier) if execute -%}
    {%- if copy -%}
        {{ copy }}
    {%- else -%}
        (select * from {{ model }} where false)
    {%- endif -%}
{%- endmacro %}

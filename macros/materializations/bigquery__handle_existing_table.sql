{#- A table that is a view from now on is dropped. dbt asks for a full refresh instead, of everything that was selected:
    a comparison that training keeps as a table is a view in the night after. -#}
{% macro bigquery__handle_existing_table(full_refresh, old_relation) %}
    {%- do log(old_relation ~ ' was a table and becomes a view') -%}
    {%- do adapter.drop_relation(old_relation) -%}
{% endmacro %}

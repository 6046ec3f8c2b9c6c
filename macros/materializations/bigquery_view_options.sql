{#- dbt's options of a view, and the label that names what it was made of. -#}
{% macro bigquery_view_options(config, node) %}
    {%- set options = adapter.get_view_options(config, node) -%}
    {%- if node.config.materialized == 'view' -%}
        {#- Pairs of name and value: all labels of a view are set at once. -#}
        {%- do options.update(labels=(options.get('labels') or []) + [(view_label(), view_fingerprint())]) -%}
    {%- endif -%}
    {{ return(bigquery_options(options)) }}
{% endmacro %}

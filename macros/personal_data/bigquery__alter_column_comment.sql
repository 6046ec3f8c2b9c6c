{#- dbt calls this to write the descriptions of columns. It sends policy tags with them, as far as a column names
    its own; here those of personal columns are added. -#}
{% macro bigquery__alter_column_comment(relation, column_dict) %}
    {%- set tagged = {} -%}
    {%- for name, column in column_dict.items() -%}
        {%- set tag = policy_tags().get(column.get('config', {}).get('meta', {}).get('pii')) -%}
        {%- do tagged.update({name: dict(column, policy_tags=[tag]) if tag else column}) -%}
    {%- endfor -%}
    {{ return(dbt.bigquery__alter_column_comment(relation, tagged)) }}
{% endmacro %}

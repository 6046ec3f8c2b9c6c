{#-
    A unit test without a table of its own.

    dbt makes a table of the model's columns, reads their types from it, and drops it: three calls for each of hundreds
    of tests. A query without rows has the same columns.
-#}
{% materialization unit, adapter='bigquery' %}
    {%- set expected_rows = config.get('expected_rows') -%}
    {%- set types = {} -%}
    {%- set quoted = {} -%}
    {%- for column in adapter.get_columns_in_select_sql(get_empty_subquery_sql(sql)) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
        {%- do quoted.update({column.name | lower: column.quoted}) -%}
    {%- endfor -%}
    {%- set expected_sql = config.get('expected_sql') or get_expected_sql(expected_rows, types, quoted) -%}
    {%- set compared = [] -%}
    {%- for name in (expected_rows[0] if expected_rows else types) -%}
        {%- do compared.append(quoted[name | lower]) -%}
    {%- endfor -%}

    {% call statement('main', fetch_result=True) -%}
        {{ get_unit_test_sql(sql, expected_sql, compared) }}
    {%- endcall %}

    {{ return({'relations': []}) }}
{% endmaterialization %}

{#-
    What a view comes from: its SQL, what is declared of it, and the columns of what it reads.

    BigQuery notes the columns of a view when it is made. `select *` of a table that has got another column finds it
    all the same, but the view is shown without it. Columns are looked up in the warehouse and not in the project,
    because raw tables, macros and settings change them too. Looking them up is no job.
-#}
{% macro view_fingerprint() %}
    {%- set parts = [sql, tojson([model.description, model.columns, model.config], sort_keys=true)] -%}
    {%- set read = [] -%}
    {%- for found in model.refs -%}
        {%- do read.append(ref(found.get('package'), found.name, version=found.get('version'))) -%}
    {%- endfor -%}
    {%- for found in model.sources -%}
        {%- do read.append(source(*found)) -%}
    {%- endfor -%}
    {%- for relation in read | unique -%}
        {%- set table = adapter.get_bq_table(relation) -%}
        {%- for column in (table.schema if table else []) -%}
            {%- do parts.append(tojson(column.to_api_repr(), sort_keys=true)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(local_md5(parts | join('\n'))) }}
{% endmacro %}


{% macro view_label() %}
    {{ return('concord_view') }}
{% endmacro %}

{#- Of the SQL and the contract, and of the rows of all small tables that it reads beside its input. -#}
{% macro kept_fingerprint(sql) %}
    {%- set settings = config.get('meta') -%}
    {%- set parts = [sql, tojson(settings, sort_keys=true)] -%}
    {%- if config.get('contract').enforced -%}
        {%- do parts.append(tojson(model.columns, sort_keys=true)) -%}
    {%- endif -%}
    {%- if 'through' in settings -%}
        {%- do parts.append(view_sql(settings['through'])) -%}
    {%- endif -%}
    {%- if settings.get('reads') -%}
        {%- set read -%}
            select to_hex(md5(string_agg(part, '\n' order by part))) from (
                {%- for name in settings['reads'] %}
                    select '{{ name }} ' || to_json_string(read) as part from {{ ref(name) }} as read
                    {{ 'union all' if not loop.last }}
                {%- endfor %}
            )
        {%- endset -%}
        {%- do parts.append(run_query(read).columns[0].values()[0]) -%}
    {%- endif -%}
    {{ return(local_md5(parts | join('\n'))) }}
{% endmacro %}


{% macro view_sql(name) %}
    {%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr(
        'name', 'equalto', name) | first -%}
    {{ return(render(node.raw_code)) }}
{% endmacro %}


{% macro kept_label() %}
    {{ return('concord_kept') }}
{% endmacro %}

{#-
    A table whose rows stay as long as what they come from does.

    The model's SQL says what all rows are, so the DAG, the unit tests and Google's analyzer see plain SQL. It is a function
    of its input row by row: from the same input row comes the same output row. So where the table is there, rows whose
    input has gone or has changed are deleted, and the model's SQL runs on the new and the changed input rows alone.
    What a row was made of stands in the row, a hash: a build that was killed half way leaves rows that are missing, and
    the next one finds them.

    config:
      meta.input    name of the model whose rows are the input
      meta.through  name of the view by which the model reads the input, if it does not read it itself
      meta.hashed   name of the model that has the rows of the input, today's, with their hash
      meta.key      columns that name a row, of the input and of the result
      meta.hash     column with the hash, of meta.hashed and of the result
      meta.reads    names of all other models that the SQL reads; all rows are made anew when one of them has changed
    All rows are also made anew where the SQL has changed, with --full-refresh, and where the table has fewer than
    var('kept_from_rows') rows: a small table is made in one job.
-#}
{% materialization kept, adapter='bigquery' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set is_new = existing is none or existing.type != 'table' or should_full_refresh() or flags.EMPTY -%}
    {%- set kept = none if is_new else adapter.get_bq_table(this) -%}

    {{ run_hooks(pre_hooks) }}

    {%- if kept is not none and kept.num_rows >= var('kept_from_rows')
        and kept.labels.get(kept_label()) == kept_fingerprint(sql) -%}
        {%- do remake_changed_rows(target_relation, sql, kept.schema | map(attribute='name') | list) -%}
    {%- else -%}
        {%- if existing is not none and existing.type != 'table' -%}
            {%- do adapter.drop_relation(existing) -%}
        {%- endif -%}
        {% call statement('main') -%}
            {{ create_table_as(false, target_relation, sql) }}
        {%- endcall %}
        {%- if adapter.get_bq_table(this).num_rows >= var('kept_from_rows') -%}
            {%- do label_table(target_relation, {kept_label(): kept_fingerprint(sql)}) -%}
        {%- endif -%}
    {%- endif -%}

    {{ run_hooks(post_hooks) }}
    {%- do apply_grants(target_relation, config.get('grants'), should_revoke(existing, full_refresh_mode=true)) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- Three jobs: which input rows are new or changed, out with the rows that no input row has any more, in with the others. -#}
{% macro remake_changed_rows(relation, sql, columns) %}
    {%- set settings = config.get('meta') -%}
    {%- set hashed = ref(settings['hashed']) -%}
    {%- set changed = relation.incorporate(path={'identifier': relation.identifier ~ '__changed'}) -%}
    {%- set identity = settings['key'] + [settings['hash']] -%}
    {%- call statement('changed') -%}
        {{ create_table_as(true, changed, rows_without_twin(hashed, relation, identity)) }}
    {%- endcall -%}
    {%- call statement('gone') -%}
        delete from {{ relation }} as kept
        where not exists (
            select 1
            from ({{ rows_without_twin(ref(settings['input']), changed, settings['key']) }}) as unchanged
            where {{ same_columns('kept', 'unchanged', settings['key']) }}
        )
    {%- endcall -%}
    {%- call statement('main') -%}
        insert into {{ relation }} ({{ columns | join(', ') }})
        select {{ columns | join(', ') }} from (
            {{ sql_of_input(sql, changed) }}
        )
    {%- endcall -%}
    {%- do log(relation.identifier ~ ': ' ~ load_result('changed').response.rows_affected ~ ' input rows new or changed, '
        ~ load_result('gone').response.rows_affected ~ ' rows gone or changed') -%}
    {%- do adapter.drop_relation(changed) -%}
{% endmacro %}


{#- The model's SQL, with `changed` in the place of all its input. -#}
{% macro sql_of_input(sql, changed) %}
    {%- set settings = config.get('meta') -%}
    {%- set whole = ref(settings['input']) | string -%}
    {%- if 'through' not in settings -%}
        {{ return(sql | replace(whole, changed | string)) }}
    {%- endif -%}
    {%- set through = ref(settings['through']) | string -%}
    {{ return(sql | replace(through, '(' ~ (view_sql(settings['through']) | replace(whole, changed | string)) ~ ')')) }}
{% endmacro %}


{% macro rows_without_twin(rows, others, columns) %}
    select found.*
    from {{ rows }} as found
    left join {{ others }} as others on {{ same_columns('found', 'others', columns) }}
    where others.{{ columns[0] }} is null
{% endmacro %}


{% macro same_columns(left, right, columns) %}
    {%- for column in columns -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{% endmacro %}


{#- Of the SQL, and of the rows of all small tables that it reads beside its input. -#}
{% macro kept_fingerprint(sql) %}
    {%- set settings = config.get('meta') -%}
    {%- set parts = [sql, tojson(settings, sort_keys=true)] -%}
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

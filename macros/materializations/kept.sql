{#-
    A table whose rows stay as long as what they come from does.

    The model's SQL says what all rows are, so the DAG, the unit tests and Google's analyzer see plain SQL. It is a
    function of its input row by row: from the same input row comes the same output row. So where the table is there,
    rows whose input has gone or has changed are deleted, and the model's SQL runs on the new and the changed input rows
    alone. What a row was made of stands in the row, a hash: a build that was killed half way leaves rows that are
    missing, and the next one finds them.

    config:
      meta.input    name of the model whose rows are the input
      meta.through  name of the view by which the model reads the input, if it does not read it itself
      meta.hashed   name of the model that has the rows of the input, today's, with their hash
      meta.key      columns that name a row, of the input and of the result
      meta.hash     column with the hash, of meta.hashed and of the result
      meta.reads    names of all other models that the SQL reads; all rows are made anew when one of them has changed
    All rows are also made anew where the SQL has changed, with --full-refresh, and where the input has fewer than
    var('kept_from_rows') rows: few are made in one job. Of many, what the view says is written down first, because what
    it computes and what the model computes may not fit into memory together.
-#}
{% materialization kept, adapter='bigquery' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set is_new = existing is none or existing.type != 'table' or should_full_refresh() or flags.EMPTY -%}
    {%- set kept = none if is_new else adapter.get_bq_table(this) -%}
    {%- set input = ref(config.get('meta')['input']) -%}
    {%- set is_large = adapter.get_bq_table(input).num_rows >= var('kept_from_rows') -%}
    {%- set fingerprint = kept_fingerprint(sql) if is_large else none -%}

    {%- if config.get('contract').enforced -%}
        {{ exceptions.raise_compiler_error(
            model['name'] ~ ': a kept model has no enforced contract: dbt would demand its columns of the tables '
            ~ 'between as well.') }}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}

    {%- if is_large and kept is not none and kept.labels.get(kept_label()) == fingerprint -%}
        {%- do remake_changed_rows(target_relation, sql, input, kept.schema | map(attribute='name') | list) -%}
    {%- else -%}
        {%- if existing is not none and existing.type != 'table' -%}
            {%- do adapter.drop_relation(existing) -%}
        {%- endif -%}
        {%- set found = sql_of_input(target_relation, sql, input) if is_large else sql -%}
        {% call statement('main') -%}
            {{ create_table_as(false, target_relation, found) }}
        {%- endcall %}
        {%- if is_large -%}
            {%- do label_table(target_relation, {kept_label(): fingerprint}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- for part in ['changed', 'through'] if is_large -%}
        {%- do adapter.drop_relation(kept_part(target_relation, part)) -%}
    {%- endfor -%}

    {{ run_hooks(post_hooks) }}
    {%- do apply_grants(target_relation, config.get('grants'), should_revoke(existing, full_refresh_mode=true)) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- Which input rows are new or changed, out with the rows that no input row has any more, in with the others. -#}
{% macro remake_changed_rows(relation, sql, input, columns) %}
    {%- set settings = config.get('meta') -%}
    {%- set changed = kept_part(relation, 'changed') -%}
    {%- set identity = settings['key'] + [settings['hash']] -%}
    {%- call statement('changed') -%}
        {{ create_table_as(true, changed, rows_without_twin(ref(settings['hashed']), relation, identity)) }}
    {%- endcall -%}
    {%- call statement('gone') -%}
        delete from {{ relation }} as kept
        where not exists (
            select 1
            from ({{ rows_without_twin(input, changed, settings['key']) }}) as unchanged
            where {{ same_columns('kept', 'unchanged', settings['key']) }}
        )
    {%- endcall -%}
    {%- set found = sql_of_input(relation, sql, changed) -%}
    {%- call statement('main') -%}
        insert into {{ relation }} ({{ columns | join(', ') }})
        select {{ columns | join(', ') }} from (
            {{ found }}
        )
    {%- endcall -%}
    {%- set made, gone = load_result('changed').response, load_result('gone').response -%}
    {%- do log(relation.identifier ~ ': ' ~ made.rows_affected ~ ' input rows new or changed, ' ~ gone.rows_affected
        ~ ' rows gone or changed') -%}
{% endmacro %}


{#- The model's SQL for these rows of the input; what the view says of them is written down. -#}
{% macro sql_of_input(relation, sql, rows) %}
    {%- set settings = config.get('meta') -%}
    {%- set whole = ref(settings['input']) | string -%}
    {%- if 'through' not in settings -%}
        {{ return(sql | replace(whole, rows | string)) }}
    {%- endif -%}
    {%- set through = kept_part(relation, 'through') -%}
    {%- set through_sql = view_sql(settings['through']) | replace(whole, rows | string) -%}
    {%- call statement('through') -%}
        {{ create_table_as(true, through, through_sql) }}
    {%- endcall -%}
    {{ return(sql | replace(ref(settings['through']) | string, through | string)) }}
{% endmacro %}


{% macro kept_part(relation, part) %}
    {{ return(relation.incorporate(path={'identifier': relation.identifier ~ '__' ~ part}, type='table')) }}
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

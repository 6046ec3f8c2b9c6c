{#- Which input rows are new or changed, out with the rows that no input row has any more, in with the others. -#}
{% macro remake_changed_rows(relation, sql, input, columns) %}
    {%- set settings = config.get('meta') -%}
    {%- set changed = kept_part(relation, 'changed') -%}
    {%- set identity = settings['key'] + [settings['hash']] -%}
    {%- call statement('changed') -%}
        {{ working_table_as(changed, rows_without_twin(ref(settings['hashed']), relation, identity)) }}
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
        {{ working_table_as(through, through_sql) }}
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

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
    All rows are also made anew where the SQL, the contract, the partitions or the clusters have changed, with
    --full-refresh, and where the input has fewer than var('kept_from_rows') rows: few are made in one job. Of many,
    what the view says is written down first, because what it computes and what the model computes may not fit into
    memory together.
-#}
{% materialization kept, adapter='bigquery' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set is_new = existing is none or existing.type != 'table' or not is_laid_out_alike(existing)
        or should_full_refresh() or flags.EMPTY -%}
    {%- set kept = none if is_new else adapter.get_bq_table(this) -%}
    {%- set input = ref(config.get('meta')['input']) -%}
    {%- set is_large = adapter.get_bq_table(input).num_rows >= var('kept_from_rows') -%}
    {%- set fingerprint = kept_fingerprint(sql) if is_large else none -%}

    {{ run_hooks(pre_hooks) }}

    {%- if is_large and kept is not none and kept.labels.get(kept_label()) == fingerprint -%}
        {%- do remake_changed_rows(target_relation, sql, input, kept.schema | map(attribute='name') | list) -%}
    {%- else -%}
        {%- do drop_unless_replaceable(existing) -%}
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

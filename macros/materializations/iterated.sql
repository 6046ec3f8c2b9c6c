{#-
    A fixed-point iteration as one model.

    The model's SQL is ONE round. It reads the previous round through `ref(<initial model>)`, so the DAG, the unit
    tests and Google's analyzer see plain SQL; here the initial relation is replaced by the newest state table,
    round after round, until every row says `is_converged`.

    config:
      meta.initial     name of the model with round 0; same columns as this model
      meta.max_rounds  at most this many rounds
      meta.at_limit    what happens when it has not converged by then: `fail` ends the run; `keep` takes the state of
                       the last round, for models whose every state is a valid result, and warns
    The state must have the columns `round` INT64 and `is_converged` BOOL.
-#}
{% materialization iterated, adapter='bigquery' %}
    {%- set settings = config.get('meta', {}) -%}
    {%- set initial = ref(settings['initial']) -%}
    {%- set max_rounds = settings['max_rounds'] -%}
    {%- set at_limit = settings['at_limit'] -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set progress = namespace(previous=initial, rounds=0, converged=false) -%}

    {%- if at_limit not in ['fail', 'keep'] -%}
        {{ exceptions.raise_compiler_error(
            model['name'] ~ ': meta.at_limit is fail or keep, not "' ~ at_limit ~ '".') }}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}

    {%- for parity in range(max_rounds) if not progress.converged %}
        {%- set state = iterated_state_relation(this, loop.index % 2) -%}
        {%- set round_sql = sql | replace(initial | string, progress.previous | string) -%}
        {%- do run_query('create or replace table ' ~ state ~ ' as ' ~ round_sql) -%}
        {%- set verdict = run_query(
            'select coalesce(logical_and(is_converged), true) as is_converged from ' ~ state) -%}
        {%- set progress.converged = verdict.columns[0].values()[0] -%}
        {%- set progress.previous = state -%}
        {%- set progress.rounds = loop.index -%}
    {%- endfor %}

    {%- if progress.converged -%}
        {%- do log(model['name'] ~ ' converged after ' ~ progress.rounds ~ ' rounds') -%}
    {%- elif at_limit == 'keep' -%}
        {%- do exceptions.warn(
            model['name'] ~ ' has not converged after ' ~ max_rounds ~ ' rounds; the state of the last round is kept.'
            ~ ' Its rows say what was left to do.') -%}
    {%- else -%}
        {%- do drop_iterated_states(this) -%}
        {{ exceptions.raise_compiler_error(
            model['name'] ~ ' has not converged after ' ~ max_rounds
            ~ ' rounds. Raise meta.max_rounds, or look at its rounds with a small selection of records.') }}
    {%- endif -%}

    {%- if existing is not none and existing.type != 'table' -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {% call statement('main') -%}
        create or replace table {{ target_relation }} as select * from {{ progress.previous }}
    {%- endcall %}
    {%- do drop_iterated_states(this) -%}

    {{ run_hooks(post_hooks) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{% macro iterated_state_relation(relation, parity) %}
    {{ return(api.Relation.create(
        database=relation.database,
        schema=relation.schema,
        identifier=relation.identifier ~ '__round_' ~ parity,
        type='table',
    )) }}
{% endmacro %}


{% macro drop_iterated_states(relation) %}
    {%- for parity in [0, 1] -%}
        {%- do adapter.drop_relation(iterated_state_relation(relation, parity)) -%}
    {%- endfor -%}
{% endmacro %}

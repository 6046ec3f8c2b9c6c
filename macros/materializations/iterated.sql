{#-
    A fixed-point iteration as one model, or as two.

    The model's SQL is ONE round. It reads the previous round through `ref(<initial model>)`, so the DAG, the unit
    tests and Google's analyzer see plain SQL; here the initial relation is replaced by the newest state table,
    round after round, until every row says `is_converged`.

    A round that reads something several times has a step of its own: a model that finds it in the first round, and
    whose SQL runs again before each further one, so that BigQuery does not evaluate it as often as it is read. How many
    rows it finds can be the verdict, without a query: where it finds nothing, the round is the last.

    config:
      meta.initial     name of the model with round 0; same columns as this model
      meta.step        name of the model that each round reads beside it, if there is one; it reads the initial
                       model, and this model must `ref` what it reads
      meta.verdict     beside a step: `step` where an empty one ends the iteration, `state` where the rows say it
      meta.max_rounds  at most this many rounds
      meta.at_limit    what happens when it has not converged by then: `fail` ends the run; `keep` takes the state of
                       the last round, for models whose every state is a valid result, and warns
    The state must have the columns `round` INT64 and `is_converged` BOOL. What is configured for a table (partitions,
    clusters, labels, key, expiry, grants, contract) holds for the result; the tables of the rounds have its labels and
    its key, and go with the run (`working_table_as`).
-#}
{% materialization iterated, adapter='bigquery' %}
    {%- set settings = config.get('meta', {}) -%}
    {%- set initial = ref(settings['initial']) -%}
    {%- set max_rounds = settings['max_rounds'] -%}
    {%- set at_limit = settings['at_limit'] -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set progress = namespace(previous=initial, round_sql='', rounds=0, converged=false) -%}

    {%- if at_limit not in ['fail', 'keep'] -%}
        {{ exceptions.raise_compiler_error(
            model['name'] ~ ': meta.at_limit is fail or keep, not "' ~ at_limit ~ '".') }}
    {%- endif -%}

    {%- if settings.get('verdict', 'state') == 'step' and 'step' not in settings -%}
        {{ exceptions.raise_compiler_error(model['name'] ~ ': meta.verdict is step, and there is no meta.step.') }}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}

    {%- for number in range(1, max_rounds + 1) if not progress.converged %}
        {%- set progress.rounds = number -%}
        {%- set progress.round_sql = sql | replace(initial | string, progress.previous | string) -%}
        {%- set has_step = number > 1 and 'step' in settings -%}
        {%- if has_step -%}
            {%- set step = iterated_step(this, settings['step'], initial, progress.previous) -%}
            {%- set progress.converged = step.is_empty and settings['verdict'] == 'step' -%}
            {%- set progress.round_sql = progress.round_sql | replace(step.first | string, step.relation | string) -%}
        {%- endif -%}
        {%- if not progress.converged -%}
            {%- set state = iterated_state_relation(this, number % 2) -%}
            {%- do run_query(working_table_as(state, progress.round_sql)) -%}
            {%- if settings.get('verdict', 'state') == 'state' -%}
                {%- set verdict = run_query(
                    'select coalesce(logical_and(is_converged), true) as is_converged from ' ~ state) -%}
                {%- set progress.converged = verdict.columns[0].values()[0] -%}
            {%- endif -%}
            {%- set progress.previous = state -%}
            {%- set progress.round_sql = 'select * from ' ~ state -%}
        {%- endif -%}
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

    {%- do drop_unless_replaceable(existing) -%}
    {% call statement('main') -%}
        {{ create_table_as(false, target_relation, progress.round_sql) }}
    {%- endcall %}
    {%- do drop_iterated_states(this) -%}

    {{ run_hooks(post_hooks) }}
    {%- do apply_grants(target_relation, config.get('grants'), should_revoke(existing, full_refresh_mode=true)) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- Run the SQL of the step on the newest state, and say whether it found nothing. -#}
{% macro iterated_step(relation, name, initial, previous) %}
    {%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr(
        'name', 'equalto', name) | first -%}
    {%- set found = iterated_state_relation(relation, 'step') -%}
    {%- set step_sql = render(node.raw_code) | replace(initial | string, previous | string) -%}
    {%- call statement('iterated_step') -%}
        {{ working_table_as(found, step_sql) }}
    {%- endcall -%}
    {{ return({
        'first': ref(name),
        'relation': found,
        'is_empty': load_result('iterated_step').response.rows_affected == 0,
    }) }}
{% endmacro %}


{% macro iterated_state_relation(relation, part) %}
    {{ return(api.Relation.create(
        database=relation.database,
        schema=relation.schema,
        identifier=relation.identifier ~ '__round_' ~ part,
        type='table',
    )) }}
{% endmacro %}


{% macro drop_iterated_states(relation) %}
    {%- for part in [0, 1, 'step'] -%}
        {%- do adapter.drop_relation(iterated_state_relation(relation, part)) -%}
    {%- endfor -%}
{% endmacro %}

{#-
    Stops dbt before it builds with a version of the model that nobody has stored, or that does not know the
    comparisons of today: no default stands in for what was not trained.
-#}
{% macro assert_known_model() %}
    {% set is_run = flags.WHICH in ['build', 'run', 'test', 'seed', 'snapshot', 'retry'] %}
    {% if execute and is_run and not is_model_trained() %}
        {% set version = used_model_version() %}
        {% set models = source('concord_ops', 'match_models') %}
        {% set found = {} %}
        {% if load_relation(models) is not none %}
            {% set stored = run_query(
                "select distinct entity || ' ' || parameter.comparison as name from " ~ models
                ~ " cross join unnest(parameters) as parameter where model_version = '" ~ version
                ~ "' and not starts_with(parameter.comparison, 'prior')"
            ) %}
            {% for row in stored.rows %}{% do found.update({row[0]: true}) %}{% endfor %}
        {% endif %}
        {% if not found %}
            {% do exceptions.raise_compiler_error(
                'CONCORD_MODEL names the version ' ~ version ~ ' of the model, which ' ~ models ~ ' does not have.\n'
                ~ 'Take one from `concord models`, or train one with `concord train`.'
            ) %}
        {% endif %}
        {% set wanted = {} %}
        {% for entity in ['person', 'company'] %}
            {% for comparison in entity_model(entity) %}
                {% do wanted.update({entity ~ ' ' ~ comparison.name: true}) %}
            {% endfor %}
        {% endfor %}
        {% set others = (wanted | reject('in', found) | list) + (found | reject('in', wanted) | list) %}
        {% if others %}
            {% do exceptions.raise_compiler_error(
                'The version ' ~ version ~ ' of the model was trained with other comparisons (' ~ others | join(', ')
                ~ ').\nTrain another one with `concord train`, look at it with `concord compare`, and promote it with '
                ~ '`concord promote`.'
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}

{#
    Stops a run that would write into another project's local warehouse.

    Every local warehouse carries the real path of its project in one small table. Two checkouts
    that share a port would otherwise silently overwrite each other's tables.
    CONCORD_WAREHOUSE_CHECK=off turns the check off, for a private warehouse that names no project.
#}
{% macro assert_own_warehouse() %}
    {% set is_run = flags.WHICH in ['build', 'run', 'test', 'seed', 'snapshot', 'retry', 'clone'] %}
    {% if execute and is_run and target.name == 'local' and env_var('CONCORD_WAREHOUSE_CHECK', 'on') != 'off' %}
        {% set own = local_project_dir() %}
        {% set owner = local_warehouse_owner() %}
        {% if owner != own %}
            {% set url = env_var('CONCORD_WAREHOUSE_URL', 'http://127.0.0.1:9050') %}
            {% set found = 'belongs to the project in ' ~ owner if owner else 'was not started by concord' %}
            {% do exceptions.raise_compiler_error(
                'The warehouse at ' ~ url ~ ' ' ~ found ~ '; this project is ' ~ own ~ '.\n'
                ~ 'Unset CONCORD_WAREHOUSE_URL and CONCORD_WAREHOUSE_TOKEN, and type `concord dbt ...` here.\n'
                ~ 'If both are one folder under two names, run dbt inside it without --project-dir.'
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}

{#
    The absolute folder of the running project, without a trailing slash.

    dbt hands a --project-dir on as it was typed, so a relative one is read from the shell's folder.
#}
{% macro local_project_dir() %}
    {% set given = invocation_args_dict['project_dir'] | string %}
    {% set path = given if given.startswith('/') else env_var('PWD', '') ~ '/' ~ given %}
    {% set parts = [] %}
    {% for part in path.split('/') if part not in ['', '.'] %}
        {% if part == '..' %}
            {% do parts.pop() if parts %}
        {% else %}
            {% do parts.append(part) %}
        {% endif %}
    {% endfor %}
    {{ return('/' ~ parts | join('/')) }}
{% endmacro %}

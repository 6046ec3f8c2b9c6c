{#-
    Stops dbt where CONCORD_SOURCES names a source that nobody declared: a misspelt name would switch its source off.
    A unit test of enabled_sources declares sources of its own, so the question is not asked there.
-#}
{% macro assert_known_sources() %}
    {% set unknown = named_sources() | reject('in', var('sources')) | list %}
    {% if unknown %}
        {% do exceptions.raise_compiler_error(
            'CONCORD_SOURCES names ' ~ unknown | join(', ')
            ~ '; the sources of dbt_project.yml are ' ~ var('sources') | join(', ') ~ '.'
        ) %}
    {% endif %}
{% endmacro %}

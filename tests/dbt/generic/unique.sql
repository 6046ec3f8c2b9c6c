-- noqa: disable=LT02
{#- The linter takes the head of a test for an indent where no SQL follows it. -#}
{#- dbt's own test of this name, for pull requests and laptops: docs/develop/tests.md says which tests a night runs. -#}
{% test unique(model, column_name) %}

{{ config(tags=['development']) }}
{{ dbt.default__test_unique(model, column_name) }}

{% endtest %}

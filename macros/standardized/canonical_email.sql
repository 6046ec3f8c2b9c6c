{#- One spelling for each mailbox: no plus tag; for Gmail no dots and one domain. Takes a clean address. -#}
{% macro canonical_email(expression) -%}
    {%- set untagged = "regexp_replace(" ~ expression ~ ", r'^([^@+]+)\\+[^@]*@', r'\\1@')" -%}
    if(
        regexp_contains({{ expression }}, r'@(gmail|googlemail)\.com$'),
        concat(replace({{ email_local_part(untagged) }}, '.', ''), '@gmail.com'),
        {{ untagged }}
    )
{%- endmacro %}

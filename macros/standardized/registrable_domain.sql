{#- The part of a host that somebody registered: two labels, or three under second levels such as co.uk and com.au.
    An own rule, because net.reg_domain() gives other answers in the local warehouse. -#}
{% macro registrable_domain(expression) -%}
    {%- set second_levels = [
        'ac', 'co', 'com', 'edu', 'gen', 'go', 'gob', 'gouv', 'gov', 'govt', 'id', 'ind', 'info', 'ltd', 'me', 'mil',
        'ne', 'net', 'nhs', 'nic', 'nom', 'or', 'org', 'plc', 'police', 'res', 'sch', 'school',
    ] -%}
    {#- The first try only spares addresses at a plain domain the work. -#}
    coalesce(
        regexp_extract({{ expression }}, r'^[^@:/\s]+@([a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.[a-z]{2,})$'),
        regexp_extract(
            {{ web_host(expression) }},
            r'((?:[^.]+\.(?:{{ second_levels | join("|") }})\.[a-z]{2})|[^.]+\.[^.]+)$'
        )
    )
{%- endmacro %}

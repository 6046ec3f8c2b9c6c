{#- The address inside a cell such as 'Ann <mailto:Ann@X.com>;', in the case in which it is written; whether it is a
    valid one is another question. The first branch only spares plain addresses the work. -#}
{% macro email_as_written(expression) -%}
    {%- set address -%}
        coalesce(regexp_extract({{ expression }}, r'<\s*([^<>]+@[^<>]+)>'), {{ expression }})
    {%- endset -%}
    case
        when
            regexp_contains({{ expression }}, r'^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9.-]+[A-Za-z]$')
            and strpos({{ expression }}, '..') = 0 then {{ expression }}
        else nullif(regexp_replace(regexp_replace(
            {{ address }},
            r'''(?i)^[\s"'<(\[,;:.]*(mailto:)?[\s"'<(\[]*|[\s"'>)\],;:.]+$|\p{Cf}''', ''),
            r'\.\.+', '.'
        ), '')
    end
{%- endmacro %}

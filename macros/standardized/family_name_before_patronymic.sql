{#- The first word of an East Slavic name of three words in the order of documents: family, given name, patronymic.
    Null for every other name. No family name ends like a woman's patronymic. A man's ending in Latin letters may be
    a family name (John Michael Petrovich), so the first word must end like a family name as well. -#}
{% macro family_name_before_patronymic(expression) -%}
    {%- set woman = '(?:[оеаёіїи][вў]на|[иіы]чна|[oei][vw]na|[iy]chna)' -%}
    {%- set man = '(?:[иі]ч|[oe][vw][iy]t?s?ch)' -%}
    {%- set latin_family = '(?:[^ ]{3}[oe]v|sk(?:y|i|iy|ii|ij)|[ec][nh]ko|chuk|[kh]in|tsin)' -%}
    case
        when not regexp_contains({{ expression }}, r'^[^ ,~]+ [^ ,~]+ [^ ,~]+(?:на|na|ч|ch)$') then null
        when regexp_contains({{ expression }}, r'(?:{{ woman }}|{{ man }}) [^ ]+$') then null
        when regexp_contains({{ expression }}, r'^(?:ya?akov|jakov) ') then null
        when regexp_contains({{ expression }}, r'(?:{{ woman }}|[иі]ч)$|^[^ ]*{{ latin_family }} .*{{ man }}$')
            then regexp_extract({{ expression }}, r'^[^ ]+')
    end
{%- endmacro %}

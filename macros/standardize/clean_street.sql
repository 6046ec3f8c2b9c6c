{#- Words of a street with single blanks, before abbreviations are looked up: 'P.O. Box' and '#5' get one spelling,
    and a 'St.' at the front or behind the house number is a saint, not a street. -#}
{% macro clean_street(expression) -%}
    {%- set boxed -%}
        regexp_replace(regexp_replace(
            {{ fold_latin(expression) }},
            r'\b(p\s*\.?\s*o\s*\.?|post\s+office)\s*box\b', ' po box '),
            r'#\s*', ' unit '
        )
    {%- endset -%}
    {%- set worded -%}
        trim(regexp_replace(regexp_replace(
            {{ boxed }},
            r"['’‘`´ʼ\p{Cf}]", ''),
            r'[^\p{L}\p{M}\p{N}]+', ' '
        ), ' ')
    {%- endset -%}
    nullif(regexp_replace({{ worded }}, r'^(([0-9]+[a-z]? )*)st ([a-z]{3})', r'\1saint \3'), '')
{%- endmacro %}

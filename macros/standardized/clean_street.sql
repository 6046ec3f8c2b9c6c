{#- Words of a street with single spaces, before abbreviations are looked up: 'P.O. Box', '#5' and 'No. 5' get one
    spelling, a unit goes behind the street, what lies nearby goes, and a 'St.' at the front or behind the house
    number is a saint, not a street. -#}
{% macro clean_street(expression) -%}
    {%- set unit_word = '(?:a(?:p|pt|prt|ptmnt|ptmt|partment)|unit|suite|ste|flat|room|rm|floor|fl|office|lvl)' -%}
    {%- set boxed -%}
        regexp_replace(regexp_replace(
            {{ fold_latin(expression) }},
            r'\b(p\s*\.?\s*o\s*\.?|post\s+office)\s*box\b|\bp\.?o\.?b\.?\s*([0-9])', r' po box \2'),
            r'^\s*(#|no\b|nr\b)[\s.]*([0-9])', r'\2'
        )
    {%- endset -%}
    {#- Of compounds the word for street stands apart, so that its abbreviation is known: Hauptstr., Kerkstraat. -#}
    {%- set separated -%}
        regexp_replace(regexp_replace(
            {{ boxed }},
            r'([a-z]{3})(?:strasse|straat|str)(\.|\b)', r'\1 street '),
            r'^\s*c/\s*', 'calle '
        )
    {%- endset -%}
    {%- set numbered -%}
        regexp_replace(regexp_replace(
            {{ separated }},
            r'\b({{ unit_word }})[\s.]*(?:#|no\b|nbr\b|num\b|number\b)[\s.#]*', r'\1 '),
            r'#\s*|\b(?:no|nbr|num|number)\b[\s.#]*([0-9])', r' unit \1'
        )
    {%- endset -%}
    {%- set worded -%}
        trim(regexp_replace(regexp_replace(
            {{ numbered }},
            r"['’‘`´ʼ\p{Cf}]", ''),
            r'[^\p{L}\p{M}\p{N}]+', ' '
        ), ' ')
    {%- endset -%}
    {%- set ordered -%}
        regexp_replace(regexp_replace(
            {{ worded }},
            r'^({{ unit_word }} (?:[0-9]+(?: ?[a-z])?|[a-z])) ([0-9].*)$', r'\2 \1'),
            r'^([0-9]+[a-z]? .*[a-z].*?) (?:between|near|opposite|opp|next to|at [0-9]).*$', r'\1'
        )
    {%- endset -%}
    nullif(regexp_replace({{ ordered }}, r'^(([0-9]+[a-z]? )*)st ([a-z]{3})', r'\1saint \3'), '')
{%- endmacro %}

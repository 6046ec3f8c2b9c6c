{#- A name field as words with single spaces; ' , ' stays a word of its own and hyphens stay inside words, for the
    parser. Left out: brackets, quoted nicknames, "via" tails, tails such as ", 3rd Baron of York" and the second
    half of a couple. Null when it is an e-mail address or empty. The first branch only spares plain names the work. -#}
{% macro clean_person_name(expression) -%}
    {%- set folded = fold_latin("regexp_replace(" ~ expression ~ ", r'\\b[Mm]\\.?ª', 'maria ')") -%}
    {%- set unquoted -%}
        regexp_replace(regexp_replace(
            {{ folded }},
            r'<[^>]*>|\([^)]*\)|\[[^\]]*\]|\p{Cf}', ''),
            r'''^\s*["'“‘]([^"'“”‘’]*)["'”’]\s*$''', r'\1'
        )
    {%- endset -%}
    {%- set without_nickname -%}
        regexp_replace(regexp_replace(
            {{ unquoted }},
            r'''(^|\s)(["“„][^"“”]*["”]|['‘][^'‘’]*['’])(\s|$)''', ' '),
            r"['’‘`´ʼ]", ''
        )
    {%- endset -%}
    {%- set one_person -%}
        regexp_replace(regexp_replace(
            {{ without_nickname }},
            r'\s[|–—-]\s.*$|\s+via\s+\S.*$|,\s*[0-9]\w*\s+[^,\s].*$', ''),
            r'^(\s*\S+)\s+(&|and)\s+\S+', r'\1'
        )
    {%- endset -%}
    {%- set lettered -%}
        regexp_replace(regexp_replace(regexp_replace(
            {{ one_person }},
            r'\b(ph|m)\.\s?d\b\.?', r'\1d'),
            r'\s(sen|jun)\.', r' \1ior'),
            r'[^\p{L}\p{M}\p{N},-]+', ' '
        )
    {%- endset -%}
    {%- set spaced -%}
        regexp_replace(regexp_replace(
            {{ lettered }},
            r'\s*,[\s,]*', ' , '),
            r'(^|\s)-+|-+(\s|$)', ' '
        )
    {%- endset -%}
    case
        when regexp_contains({{ expression }}, r'^[A-Za-z]+$|^[A-Za-z]{3,} [A-Za-z]{2,}$') then lower({{ expression }})
        when strpos({{ expression }}, '@') = 0
            then nullif(trim(regexp_replace(
                regexp_replace({{ spaced }}, r'\bmc ([a-z])', r'mc\1'), r' +', ' '
            ), ' '), '')
    end
{%- endmacro %}

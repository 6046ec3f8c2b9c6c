{#- A name in Hangul letters, written in Latin ones: the official romanisation, but a family name of one syllable as
    its bearers write it. Decomposed, a syllable is two or three letters; initial and final ones differ. -#}
{% macro hangul_in_latin(expression) -%}
    {%- set families = {
        '강': 'kang', '고': 'ko', '구': 'koo', '권': 'kwon', '김': 'kim', '노': 'noh', '류': 'ryu', '문': 'moon',
        '박': 'park', '배': 'bae', '백': 'baek', '서': 'seo', '송': 'song', '신': 'shin', '심': 'shim', '안': 'ahn',
        '오': 'oh', '우': 'woo', '유': 'yoo', '윤': 'yoon', '이': 'lee', '임': 'lim', '정': 'jung', '조': 'cho',
        '주': 'joo', '최': 'choi', '허': 'heo', '황': 'hwang',
    } -%}
    {#- Code points keep the letters apart from whole syllables, which look the same. -#}
    {%- set letters = {
        '\u1101': 'kk', '\u1104': 'tt', '\u1108': 'pp', '\u110A': 'ss', '\u110D': 'jj', '\u110E': 'ch',
        '\u1162': 'ae', '\u1163': 'ya', '\u1164': 'yae', '\u1165': 'eo', '\u1167': 'yeo', '\u1168': 'ye',
        '\u116A': 'wa', '\u116B': 'wae', '\u116C': 'oe', '\u116D': 'yo', '\u116F': 'wo', '\u1170': 'we',
        '\u1171': 'wi', '\u1172': 'yu', '\u1173': 'eu', '\u1174': 'ui', '\u11AD': 'n', '\u11B9': 'p',
        '\u11BC': 'ng',
    } -%}
    {#- Those of one Latin letter; the silent initial and the silent final h have none. -#}
    {%- set single = '\u1100\u1102\u1103\u1105\u1106\u1107\u1109\u110C\u110F\u1110\u1111\u1112'
        ~ '\u1161\u1166\u1169\u116E\u1175'
        ~ '\u11A8\u11A9\u11AB\u11AE\u11AF\u11B0\u11B7\u11B8\u11BA\u11BB\u11BD\u11BE\u11BF\u11C0\u11C1'
        ~ '\u110B\u11C2' -%}
    {%- set ns = namespace(families="", spelled="normalize(" ~ expression ~ ", nfd)") -%}
    {%- for family, latin in families.items() -%}
        {%- set ns.families = ns.families ~ " when '" ~ family ~ "' then '" ~ latin ~ "'" -%}
    {%- endfor -%}
    {%- for letter, latin in letters.items() -%}
        {%- set ns.spelled = "replace(" ~ ns.spelled ~ ", '" ~ letter ~ "', '" ~ latin ~ "')" -%}
    {%- endfor -%}
    case {{ expression }} {{ ns.families }}
        else translate({{ ns.spelled }}, '{{ single }}', 'gndrmbsjktphaeouikkntlkmpttttktp')
    end
{%- endmacro %}

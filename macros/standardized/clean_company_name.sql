{#- Words of a company name with single spaces, before legal forms and abbreviations are looked up: '&' is 'and',
    'L.L.C.' is 'llc', brackets are gone, of 'X dba Y' the name Y stays, legal forms that Chinese, Japanese and
    Korean write inside too. -#}
{% macro clean_company_name(expression) -%}
    {%- set trading_name -%}
        regexp_replace(regexp_replace(
            {{ fold_latin(expression) }},
            r'^.*\S[\s,]+(d/?b/?a|d\.b\.a\.|t/a|trading as|doing business as)\.?:?\s+', ''),
            r'(\S\s*)(\([^)]*\)|\[[^\]]*\])', r'\1 '
        )
    {%- endset -%}
    {%- set unsigned -%}
        regexp_replace(regexp_replace(
            {{ trading_name }},
            r"['’‘`´ʼ\p{Cf}]|株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|주식회사|㈜|㈱", ''),
            r'\s*[&+]\s*', ' and '
        )
    {%- endset -%}
    nullif(trim(regexp_replace(regexp_replace(
        {{ unsigned }},
        r'\b([a-z])\.', r'\1'),
        r'[^\p{L}\p{M}\p{N}]+', ' '
    ), ' '), '')
{%- endmacro %}

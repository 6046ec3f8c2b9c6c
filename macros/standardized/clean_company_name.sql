{#- Words of a company name with single spaces, before legal forms and abbreviations are looked up: '&' is 'and',
    'L.L.C.' is 'llc', brackets are gone, of 'X dba Y' the name Y stays, legal forms that Chinese, Japanese,
    Korean and Thai write without a space are gone too. -#}
{% macro clean_company_name(expression) -%}
    {%- set forms_inside = [
        '株式会社', '株式會社', '有限会社', '合同会社', '合資会社', '合名会社', '股份有限公司', '股份公司',
        '有限责任公司', '有限責任公司', '有限公司', '有限合伙', '주식회사', '유한책임회사', '유한회사', '합자회사', '합명회사',
        '㈜', '㈱', '㈲', '㈴', '㈾',
        '\\((?:株|有|合|資|名|同|주|유)\\)', 'บริษัท', 'ห้างหุ้นส่วนจำกัด', '\\(มหาชน\\)', 'จำกัด',
    ] -%}
    {%- set trading_name -%}
        regexp_replace(regexp_replace(
            regexp_replace({{ fold_latin(expression) }}, r'{{ forms_inside | join("|") }}', ' '),
            r'^.*\S[\s,]+(d/?b/?a|d\.b\.a\.|t/a|trading as|doing business as)\.?:?\s+', ''),
            r'(\S\s*)(\([^)]*\)|\[[^\]]*\])', r'\1 '
        )
    {%- endset -%}
    {%- set unsigned -%}
        regexp_replace(regexp_replace(
            {{ trading_name }},
            r"['’‘`´ʼ\p{Cf}]", ''),
            r'\s*[&+]\s*', ' and '
        )
    {%- endset -%}
    nullif(trim(regexp_replace(regexp_replace(
        {{ unsigned }},
        r'\b([a-z])\.', r'\1'),
        r'[^\p{L}\p{M}\p{N}]+', ' '
    ), ' '), '')
{%- endmacro %}

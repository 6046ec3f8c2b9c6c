{#- The digits of a phone cell with a leading + when it has one: no extension, no words; vanity letters become
    digits. Takes one number; '(0)' of '+44 (0)20' goes. Null when no digit is left. -#}
{% macro dialled_digits(expression) -%}
    {%- set one_number -%}
        regexp_replace(regexp_replace({{ fold_latin(expression) }}, r'^\s*(tel|callto|sms)\s*:|\p{Cf}', ''),
            r'[\s,;]*(ext(ension|n)?|xt?|durchwahl|poste|anexo|#)[\s.:=#]*\d{1,6}[\s#]*$', '')
    {%- endset -%}
    {%- set without_trunk = "regexp_replace(" ~ one_number ~ ", r'(\\+[\\s.-]*\\d{1,3})[\\s.-]*\\(0\\)', r'\\1 ')" -%}
    {%- set vanity -%}
        if(
            regexp_contains({{ expression }}, r'^\D*1?\D{0,3}\d{3}[\s.)-]*[A-Za-z0-9-]*[A-Za-z]{3,}[A-Za-z0-9-]*\s*$')
            and not regexp_contains({{ expression }}, r'(\d\D*){9}'),
            translate({{ without_trunk }}, 'abcdefghijklmnopqrstuvwxyz', '22233344455566677778889999'),
            {{ without_trunk }}
        )
    {%- endset -%}
    nullif(
        regexp_replace(regexp_replace({{ vanity }}, r'^[^0-9+]+', ''), r'([0-9])[^0-9]+|[^0-9+]+', r'\1'),
        ''
    )
{%- endmacro %}

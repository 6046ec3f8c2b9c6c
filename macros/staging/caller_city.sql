{#- The city of a caller's name that ends in the code of a state or province, as networks give the place of a number:
    "SAN JOSE CA". Lower case, to be looked up in the seed caller_cities; null for other names. -#}
{% macro caller_city(expression) -%}
    lower(regexp_extract(
        regexp_replace({{ expression }}, r'[\s,.]+', ' '),
        r'(?i)^ ?([a-z ]+) (?:A[BKLRZ]|BC|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ABDEINOST]|N[BCDEHJLMSTUVY]|O[HKNR]|P[AER]|QC|RI|S[CDK]|T[NX]|UT|V[AIT]|W[AIVY]|YT)(?: USA?)? ?$'
    ))
{%- endmacro %}

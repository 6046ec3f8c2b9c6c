{#- classified_rows of a Salesforce object: an id of 15 characters and one of 18 are one row, and of several the one
    that Salesforce changed last stays. -#}
{% macro salesforce_classified_rows(relation) -%}
    {{ classified_rows(
        relation,
        id='id',
        key=salesforce_short_id('id'),
        order_by='system_modstamp desc nulls last, _fivetran_synced desc nulls last',
        synced_at='_fivetran_synced'
    ) }}
{%- endmacro %}

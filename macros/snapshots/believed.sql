{#- The rows of a published model, with a fingerprint of all that each says: dbt compares column by column, and BigQuery
    compares no arrays. -#}
{% macro believed(name) -%}
select
    believed.*,
    to_hex(sha256(to_json_string(believed))) as content_hash,
from {{ published(name) }} as believed
{%- endmacro %}

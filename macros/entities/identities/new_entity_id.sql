{#- A new id of an entity: per_ or com_, the time of the run, and a hash of a key that is unique in the run. The hash is
    salted with the invocation, so the same key has another id in every run, and nothing of the key can be guessed. -#}
{% macro new_entity_id(entity, key) -%}
    concat(
        '{{ entity[:3] }}_{{ id_time() }}',
        substr(to_hex(sha256(concat('{{ invocation_id }}', ':', {{ key }}))), 1, 14)
    )
{%- endmacro %}

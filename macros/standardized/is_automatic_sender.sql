{#- True where one of the joins of join_automatic_senders() has found a sender. -#}
{% macro is_automatic_sender() -%}
    coalesce(sender_addresses.value, sender_hosts.value, sender_domains.value, sender_parents.value) is not null
{%- endmacro %}

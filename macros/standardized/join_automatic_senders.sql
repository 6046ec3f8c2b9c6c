{#- Left joins that find the senders to whom nobody's mail goes, by address, host, domain, or the domain above the
    host. -#}
{% macro join_automatic_senders(address) -%}
    {%- set host = email_domain(address) -%}
    {%- set domain = registrable_domain(address) -%}
    left join {{ ref('stg_word_lists__automatic_senders') }} as sender_addresses
        on sender_addresses.kind = 'address' and {{ address }} = sender_addresses.value
    left join {{ ref('stg_word_lists__automatic_senders') }} as sender_hosts
        on sender_hosts.kind = 'host' and {{ host }} = sender_hosts.value
    left join {{ ref('stg_word_lists__automatic_senders') }} as sender_domains
        on sender_domains.kind = 'domain' and {{ domain }} = sender_domains.value
    left join {{ ref('stg_word_lists__automatic_senders') }} as sender_parents
        on
            sender_parents.kind = 'subdomain'
            and {{ domain }} = sender_parents.value
            and {{ host }} != sender_parents.value
{%- endmacro %}

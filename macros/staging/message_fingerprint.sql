{#- What an e-mail message without a header Message-ID is known by, whatever mailbox holds it: sender, minute, subject
    and the receivers that everybody sees. Null where one of these cannot be read.
    `addresses` is a CTE of message id, role and canonical address; `messages` of message id, subject and sent_at. -#}
{% macro message_fingerprint(messages, addresses, message_id) %}
    select
        messages.{{ message_id }},
        to_hex(sha256(concat(
            -- Servers stamp their copies some seconds apart.
            format_timestamp('%Y-%m-%d %H:%M', messages.sent_at),
            '|', max(if(addresses.role = 'from', addresses.address, null)),
            '|', coalesce(lower(max(messages.subject)), ''),
            '|', nullif(string_agg(
                distinct if(addresses.role in ('to', 'cc'), addresses.address, null), ','
                order by if(addresses.role in ('to', 'cc'), addresses.address, null)
            ), '')
        ))) as message_fingerprint,
    from {{ messages }} as messages
    inner join {{ addresses }} as addresses
        on messages.{{ message_id }} = addresses.{{ message_id }}
    group by messages.{{ message_id }}, messages.sent_at
{%- endmacro %}

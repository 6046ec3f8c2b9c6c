{#- The rows of a staged Salesforce table that are records: those that were not deleted, and those that were merged away
    into one that was not. Salesforce deletes what it merges away and names the row that survived, which may itself be
    merged away later: up to three times. What was merged into a deleted row is gone with it. -#}
{% macro salesforce_kept_rows(rows, id, master_id) -%}
    select {{ rows }}.*
    from {{ rows }}
    left join {{ rows }} as master on {{ rows }}.{{ master_id }} = master.{{ id }}
    left join {{ rows }} as second_master on master.{{ master_id }} = second_master.{{ id }}
    left join {{ rows }} as third_master on second_master.{{ master_id }} = third_master.{{ id }}
    where
        not {{ rows }}.is_deleted
        or not coalesce(master.is_deleted, true)
        or not coalesce(second_master.is_deleted, true)
        or not coalesce(third_master.is_deleted, true)
{%- endmacro %}

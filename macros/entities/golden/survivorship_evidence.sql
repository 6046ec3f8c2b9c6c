{#- What a strategy says for a candidate: the larger number survives. Nothing, where a field has no such step. -#}
{% macro survivorship_evidence(strategy) -%}
    case {{ strategy }}
        -- A source that the seed does not name stands between customer databases and mail or phone systems.
        when 'source_priority' then -coalesce(priorities.priority, 50)
        when 'most_complete' then candidates.completeness
        when 'most_frequent' then candidates.n_agreeing_records
        -- Without a date: older than all.
        when 'most_recent' then coalesce(unix_micros(candidates.updated_at), -100000000000000000)
        else 0
    end
{%- endmacro %}

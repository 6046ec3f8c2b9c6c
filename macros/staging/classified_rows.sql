{#-
    Raw rows with the reason for which they are left out of staging, if any: the `row_problem` that the model found, or
    a better row with the same key. The key is the id, unless the id alone does not tell rows apart.
-#}
{% macro classified_rows(relation, id, order_by, synced_at, key=none) -%}
    select
        * except (row_problem),
        cast({{ id }} as string) as row_id,
        {{ synced_at }} as row_synced_at,
        -- Only rows without a problem compete for a key, so that a broken newer row does not displace a good one.
        coalesce(
            row_problem,
            if(
                row_number() over (
                    partition by {{ key or id }}, row_problem
                    order by {{ order_by }}, row_json
                ) > 1,
                'duplicate_id',
                null
            )
        ) as quarantine_reason,
    from {{ relation }}
{%- endmacro %}

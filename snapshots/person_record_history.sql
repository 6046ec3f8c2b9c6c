{% snapshot person_record_history %}
{{ config(unique_key='record_id', cluster_by=['record_id'], check_cols=['person_id']) }}
select
    record_id,
    person_id,
from {{ published('bridge_person_records') }}
{% endsnapshot %}

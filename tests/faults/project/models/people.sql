select record_id as id from {{ source('files', 'people') }}

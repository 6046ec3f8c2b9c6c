select id, 'beta' as kind from {{ ref('people') }}

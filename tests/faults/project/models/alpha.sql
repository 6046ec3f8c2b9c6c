select id, 'alpha' as kind from {{ ref('people') }}

-- The golden record of one of the companies.
select * from {{ ref('dim_companies') }}
where company_id = {{ fill_in('entity_id') }}

{{ config(materialized='view') }}

with

person as (

    {{ blocking_rule_pairs('person', ref('int_person_blocks'), ref('person_blocking_rules')) }}

),

company as (

    {{ blocking_rule_pairs('company', ref('int_company_blocks'), ref('company_blocking_rules')) }}

),

both_entities as (

    select * from person
    union all
    select * from company

)

select * from both_entities

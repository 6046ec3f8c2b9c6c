{{ config(materialized='incremental', unique_key='id') }}

select id, 1 as n from {{ ref('alpha') }}

{#- SQL of a model: round 0 of components, everybody who has a relation in a group of their own. `related` is a table of
    pairs: `id_l` and `id_r`. -#}
{% macro component_initial(related) %}
with

related as (

    select * from {{ related }}

),

nodes as (

    select id_l as id
    from related
    union distinct
    select id_r as id
    from related

),

final as (

    select
        id,
        id as component_id,
        0 as round,
        false as is_converged,
    from nodes

)

select * from final
{% endmacro %}

{%- set month_first = is_month_first_region() -%}
with

source_dates as (

    select distinct date_of_birth as source_date
    from {{ ref('int_person_source_records') }}
    where {{ is_plausible_length('date_of_birth') }}

),

readings as (

    select
        source_date,
        {{ date_reading('source_date', month_first) }} as usual_reading,
        {{ date_reading('source_date', not month_first) }} as other_reading,
        {{ birth_year_reading('source_date') }} as year_reading,
    from source_dates

),

-- Nobody is born tomorrow.
past_readings as (

    select
        source_date,
        if(usual_reading <= current_date(), usual_reading, null) as usual_reading,
        if(other_reading <= current_date(), other_reading, null) as other_reading,
        if(year_reading <= extract(year from current_date()), year_reading, null) as year_reading,
    from readings

),

final as (

    select
        source_date,
        coalesce(usual_reading, other_reading) as date_of_birth,
        if(usual_reading != other_reading, other_reading, null) as date_of_birth_alternate,
        coalesce(extract(year from coalesce(usual_reading, other_reading)), year_reading) as birth_year,
    from past_readings

)

select * from final

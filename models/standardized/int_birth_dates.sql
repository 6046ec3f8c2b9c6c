{%- set month_first = is_month_first_region() -%}
with

source_dates as (

    select distinct date_of_birth as source_date
    from {{ ref('int_person_source_records') }}
    where {{ is_plausible_length('date_of_birth') }}

),

placeholders as (

    select * from {{ ref('birth_date_placeholders') }}

),

readings as (

    select
        source_date,
        {{ date_reading('source_date', month_first) }} as usual_reading,
        {{ date_reading('source_date', not month_first) }} as other_reading,
        {{ birth_year_reading('source_date') }} as year_reading,
        {{ birth_month_reading('source_date') }} as month_reading,
    from source_dates

),

-- Customers are alive. Where most dates are from before 1900 the records are of history, and their years are real.
earliest_year as (

    select
        if(
            2 * countif(extract(year from coalesce(usual_reading, other_reading)) < 1900)
            > countif(coalesce(usual_reading, other_reading) is not null),
            1000,
            1850
        ) as year,
    from readings

),

-- Nobody is born tomorrow, and the first day of a computer's calendar is nobody's birthday.
plausible_readings as (

    select
        readings.source_date,
        if(
            readings.usual_reading <= current_date()
            and extract(year from readings.usual_reading) >= earliest_year.year,
            readings.usual_reading,
            null
        ) as usual_reading,
        if(
            readings.other_reading <= current_date()
            and extract(year from readings.other_reading) >= earliest_year.year,
            readings.other_reading,
            null
        ) as other_reading,
        if(
            readings.year_reading between earliest_year.year and extract(year from current_date()),
            readings.year_reading,
            null
        ) as year_reading,
        readings.month_reading,
        placeholders.placeholder_date is not null as is_placeholder,
    from readings
    cross join earliest_year
    left join placeholders
        on coalesce(readings.usual_reading, readings.other_reading) = placeholders.placeholder_date

),

final as (

    select
        source_date,
        if(is_placeholder, null, coalesce(usual_reading, other_reading)) as date_of_birth,
        if(not is_placeholder and usual_reading != other_reading, other_reading, null) as date_of_birth_alternate,
        if(
            is_placeholder, null, coalesce(extract(year from coalesce(usual_reading, other_reading)), year_reading)
        ) as birth_year,
        -- Of a date that may be read in two ways nobody knows the month.
        case
            when is_placeholder or usual_reading != other_reading then null
            when coalesce(usual_reading, other_reading) is not null
                then extract(month from coalesce(usual_reading, other_reading))
            when year_reading is not null then month_reading
        end as birth_month,
    from plausible_readings

)

select * from final

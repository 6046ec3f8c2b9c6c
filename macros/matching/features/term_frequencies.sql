{#- How common each value of an attribute is: exact agreement on a rare value says more than on a common one.
    Counts are shrunk towards the default chance of agreement, so that in a small file a value seen once is not common;
    beyond the three records that one entity may have, a value is as common as it looks. Names that lists
    of `common_names` know are shrunk towards their share there, where that is more: in a file of five records Smith is
    no rare name.
    Where the model says `is_chosen_unique`, the two records of the pair that agrees are left out of the count; where it
    says `counts_others_only`, they are, and no third.
    With `stored` (int_..._model_frequencies, of all versions) nothing is counted anew: a value is as common as the
    version of CONCORD_MODEL knows it, and one that it does not know as common as one that a single record had.
    Columns that stand in `names`, not in `records`, get a code of their sound as well (soundex; null for a name
    without Latin letters). -#}
{% macro term_frequencies(entity, model, records, names=none, name_columns=[], common_names=none, stored=none) %}
with

attribute_values as (
    {% for comparison in model | selectattr('term_frequency', 'defined') %}
        {% set attribute = comparison.term_frequency %}
        select
            '{{ attribute }}' as attribute,
            '{{ comparison.name }}' as comparison,
            cast({{ attribute }} as string) as value,
            {{ 2 if comparison.is_chosen_unique or comparison.counts_others_only else 0 }} as n_own_records,
            {{ 'true' if comparison.counts_others_only else 'false' }} as is_counted_whole,
        from {{ names if attribute in name_columns else records }}
        where {{ attribute }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (

    select
        attribute,
        comparison,
        value,
        count(*) as n_records,
        any_value(n_own_records) as n_own_records,
        any_value(is_counted_whole) as is_counted_whole,
    from attribute_values
    group by attribute, comparison, value

),

{% if stored is not none -%}
    stored_frequencies as (

        select * from {{ stored }}
        where model_version = '{{ used_model_version() }}' and entity = '{{ entity }}'

    ),

    known_frequencies as (

        select
            counted.attribute,
            counted.value,
            counted.n_records,
            coalesce(known.frequency, unseen.frequency) as frequency,
        from counted
        left join stored_frequencies as unseen
            on counted.attribute = unseen.attribute and unseen.value is null
        left join stored_frequencies as known
            on counted.attribute = known.attribute and counted.value = known.value

    ),
{%- else -%}
    {{ default_frequencies(entity) }},

    {% if name_columns -%}
        common_names as (
            {% for column in name_columns %}
                select
                    '{{ column }}' as attribute,
                    name as value,
                    {{ column }}_share as share,
                from {{ common_names }}
                where {{ column }}_share > 0
                {% if not loop.last %}union all{% endif %}
            {% endfor %}
        ),
    {%- endif %}

    known_frequencies as (

        select
            counted.attribute,
            counted.value,
            counted.n_records,
            greatest(
                {{ shrunk_frequency(
                    'greatest(counted.n_records - counted.n_own_records, 0)',
                    'sum(counted.n_records) over (partition by counted.attribute)'
                ) }},
                if(counted.is_counted_whole, 0, counted.n_records - {{ training_constants().records_of_one_entity }})
                / sum(counted.n_records) over (partition by counted.attribute)
                {%- if name_columns %},
                    coalesce(
                        (counted.n_records + defaults.frequency_pseudo_records * common_names.share)
                        / (
                            sum(counted.n_records) over (partition by counted.attribute)
                            + defaults.frequency_pseudo_records
                        ),
                        0
                    )
                {%- endif %}
            ) as frequency,
        from counted
        inner join default_frequencies as defaults on counted.comparison = defaults.comparison
        {%- if name_columns %}
            left join common_names
                on counted.attribute = common_names.attribute and counted.value = common_names.value
        {%- endif %}

    ),
{%- endif %}

added_frequencies as (

    select
        *,
        {%- if name_columns %}
            if(
                attribute in ('{{ name_columns | join("', '") }}'),
                nullif(lower(soundex(regexp_replace(value, r'[^a-z]', ''))), ''),
                null
            ) as phonetic_code,
        {%- endif %}
    from known_frequencies

)

select * from added_frequencies
{% endmacro %}

{#- SQL of the sentence that tells a person why a review case is one. -#}
{% macro review_case_in_words(cases) -%}
    case
        when {{ cases }}.question = 'split'
            then 'one entity of ' || cast({{ cases }}.n_records_l + {{ cases }}.n_records_r as string)
            || ' records, whose parts of ' || cast({{ cases }}.n_records_l as string) || ' and '
            || cast({{ cases }}.n_records_r as string) || ' hold together by a mean of '
            || format('%+.1f', {{ cases }}.border_weight) || ' bits'
        when {{ cases }}.match_weight > {{ cases }}.border_weight + 0.05
            then 'two entities whose best pair weighs ' || format('%+.1f', {{ cases }}.match_weight)
            || ' bits, outvoted by the others: the mean is ' || format('%+.1f', {{ cases }}.border_weight)
        else 'two entities that ' || format('%.1f', {{ cases }}.distance) || ' more bits would join'
    end
{%- endmacro %}

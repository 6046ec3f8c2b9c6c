{#- One end of the 95 % interval of a share (Wilson 1927, "Probable inference, the law of succession, and statistical
    inference"); null without a trial. `side` is lower or upper. -#}
{% macro wilson_bound(successes, trials, side) -%}
    {%- set z = 1.959964 -%}
    {%- set share = '(' ~ successes ~ ' / nullif(' ~ trials ~ ', 0))' -%}
    (
        {{ share }}
        + {{ z * z / 2 }} / nullif({{ trials }}, 0)
        {{ '-' if side == 'lower' else '+' }} {{ z }} * sqrt(
            greatest({{ share }} * (1 - {{ share }}), 0.0) / nullif({{ trials }}, 0)
            + {{ z * z / 4 }} / pow(nullif({{ trials }}, 0), 2)
        )
    ) / (1 + {{ z * z }} / nullif({{ trials }}, 0))
{%- endmacro %}

{#- Levels: 2 exact, 1 similar (a typo, or one title contains the other), 0 different, -1 unknown. -#}
{% macro compare_job_title(l, r) %}
    case
        when {{ l }}.job_title is null or {{ r }}.job_title is null then -1
        when {{ l }}.job_title = {{ r }}.job_title then 2
        when {{ is_other_script(l ~ '.job_title', r ~ '.job_title') }} then -1
        when
            strpos({{ l }}.job_title, {{ r }}.job_title) > 0
            or strpos({{ r }}.job_title, {{ l }}.job_title) > 0
            or {{ is_typo(l ~ '.job_title', r ~ '.job_title') }} then 1
        else 0
    end
{% endmacro %}

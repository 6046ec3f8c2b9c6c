-- Step 8.8 of docs/model/matching.md: the name of the model.
{% if is_model_trained() %}
    {{ model_fingerprint(
        parameters={'person': ref('person_match_parameters'), 'company': ref('company_match_parameters')},
        frequencies=[ref('int_person_model_frequencies'), ref('int_company_model_frequencies')],
        settings=[ref('match_thresholds'), ref('training_settings')],
    ) }}
{% else %}
    select '{{ used_model_version() }}' as model_version
{% endif %}

{{ config(enabled=is_model_trained()) }}

-- Step 8.7 of docs/model/matching.md: what a version of the model keeps of the term frequencies.
{{ model_frequencies('company', company_model(), ref('int_company_term_frequencies')) }}

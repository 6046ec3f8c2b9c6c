{{ config(group='matching') }}

-- What could have brought two companies together: the blocking keys of both, the common ones first.
{{ pair_keys('company') }}
order by has_left and has_right desc, rule, key

{#- The person model: its comparisons, in reading order. This is the one list of them; `<name>_level` in the compared
    pairs, `weight_<name>` in the scored pairs and all that lies between are made from it.
    level           SQL of the level of a pair, read by compared_person_pairs: `l` and `r` are the features of its
                    sides. Which levels there are says the macro `compare_...`; what each is called and how likely it
                    is before training stands in the seed default_match_parameters.
    slots           Columns of the features that hold the values, where a record may have several. A record with more
                    values than slots still meets its pairs in blocking, and the rule that found them counts as
                    agreement.
    identifies      Those columns of which one that is filled makes records that say the same one entity, whatever
                    they weigh (resolved_clusters). A number that many share does not.
    shown           Columns of the features that hold what was compared, of which the first that is filled counts; where
                    there are neither these nor slots, it is the column of the same name.
    term_frequency  The column whose rare values say more than its common ones, where a pair is on the highest level.
    is_chosen_unique  True when names are chosen so that no other has them: a value that only the two records of a pair
                    have is not common at all.
    is_bounded      True when a lower level weighs no more than exact agreement on the commoner of the two values would.
    counts_others_only  True for an attribute of so many values that most have one or two records: how common the value
                    is, is then counted without the two records that agree on it.
    frequency       SQL of how common the agreed value is, where that is not simply `l.<name>_frequency`: of two
                    names the more common one counts, and of companies that are the same under two names nothing is
                    known.
    explained_by    Different people agree for a reason: relation -> share of its pairs that agree as matches do,
                    above 0 and below 1; the others agree by chance. Training learns how many pairs each relation
                    has.
    explained_up_to  Relation -> highest level that it explains: colleagues share a switchboard, not a number of their
                    own. A higher level is explained no more than that one is. -#}
{% macro person_model() %}
    {%- set identifiers = [
        'identifier_1', 'identifier_2', 'identifier_3', 'identifier_4', 'identifier_5',
    ] -%}
    {{ return([
        {
            'name': 'given_name',
            'level': compare_given_name(
                'l', 'r', 'nickname_pairs.is_direct', 'nickname_pairs.name_l is not null'
            ),
            'term_frequency': 'given_name',
            'is_bounded': true,
            'frequency': 'greatest(l.given_name_frequency, r.given_name_frequency)',
            'explained_by': {'household': 0.03},
        },
        {
            'name': 'family_name',
            'level': compare_family_name('l', 'r'),
            'term_frequency': 'family_name',
            'is_bounded': true,
            'frequency': 'greatest(l.family_name_frequency, r.family_name_frequency)',
            'explained_by': {'household': 0.9},
        },
        {
            'name': 'middle_name',
            'level': compare_middle_name('l', 'r'),
        },
        {
            'name': 'name_suffix',
            'level': compare_name_suffix('l', 'r'),
        },
        {
            'name': 'email',
            'level': compare_email('l', 'r', 'pairs.rule_mask & contact_rules.email_mask != 0'),
            'slots': ['email_1', 'email_2', 'email_3', 'shared_email_1', 'shared_email_2'],
            'identifies': ['email_1', 'shared_email_1'],
            'explained_by': {'household': 0.05},
        },
        {
            'name': 'phone',
            'level': compare_person_phone('l', 'r', 'pairs.rule_mask & contact_rules.phone_mask != 0'),
            'slots': [
                'phone_1', 'phone_2', 'phone_3', 'few_phone_1', 'few_phone_2', 'shared_phone_1', 'shared_phone_2',
            ],
            'identifies': ['phone_1', 'few_phone_1'],
            'explained_by': {'household': 0.2, 'colleague': 0.5},
            'explained_up_to': {'colleague': 2},
        },
        {
            'name': 'identifier',
            'level': compare_identifier('l', 'r', identifiers),
            'slots': identifiers,
            'identifies': identifiers,
            'explained_by': {'household': 0.02},
        },
        {
            'name': 'date_of_birth',
            'level': compare_date_of_birth('l', 'r'),
            'shown': ['date_of_birth', 'birth_year'],
            'term_frequency': 'date_of_birth',
            'counts_others_only': true,
            'explained_by': {'household': 0.03},
        },
        {
            'name': 'street',
            'level': compare_street('l', 'r'),
            'explained_by': {'household': 0.95, 'colleague': 0.8},
        },
        {
            'name': 'postcode',
            'level': compare_postcode('l', 'r'),
            'term_frequency': 'postcode',
            'explained_by': {'household': 0.95, 'colleague': 0.85},
        },
        {
            'name': 'city',
            'level': compare_city('l', 'r'),
            'term_frequency': 'city',
            'explained_by': {'household': 0.95, 'colleague': 0.9},
        },
        {
            'name': 'company',
            'level': compare_employer('l', 'r'),
            'shown': ['company_name', 'company_domain', 'company_id'],
            'term_frequency': 'company_name',
            'frequency': 'if(l.company_name = r.company_name, l.company_frequency, null)',
            'explained_by': {'colleague': 0.98},
        },
        {
            'name': 'job_title',
            'level': compare_job_title('l', 'r'),
            'term_frequency': 'job_title',
        },
    ]) }}
{% endmacro %}

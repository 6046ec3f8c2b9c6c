{#- Numbers of the matching that are the same for every entity and that nobody had to turn yet; those that are worth
    turning stand in the seed training_settings.
    sampled_records          The random pairs are pairs of so many records at most.
    initial_match_share      Training begins with this share of matches in each session,
    initial_related_share    and this one of each relation.
    largest_initial_share    No class begins with more of all possible pairs,
    largest_share            or ever gets more: of three rows training would say that all are one, or all relatives.
    telling_odds             In a list of names, a level that is so many times as likely in a match, by default, does
                             not teach what chance does.
    share_pseudo_pairs       Each session counts so many pairs more than it has, and
    class_pseudo_pairs       each class so many of them: no share becomes 0.
    possible_pseudo_pairs    The same for all possible pairs, and
    possible_class_pairs     for each class among them.
    records_of_one_entity    So many records that share a value may be one entity; beyond them it is as common as it
                             looks.
    supposed_relations       In a small file each of these relations has at least
    least_related_share      so many pairs per match, for a few rows cannot teach that families and neighbours exist
                             (branches share what a list of names has, and nothing would be joined in it);
    matches_of_a_small_file  with so many matches, half of it counts.
    counted_partners         Of the related of a record so many are counted at most, or a few large offices would speak
                             for all.
    listed_name_records      What lists of common names say of how a name is used counts as so many records. -#}
{% macro training_constants() %}
    {{ return({
        'sampled_records': 20000,
        'initial_match_share': 0.5,
        'initial_related_share': 0.1,
        'largest_initial_share': 0.1,
        'largest_share': 0.2,
        'telling_odds': 50,
        'share_pseudo_pairs': 0.1,
        'class_pseudo_pairs': 0.01,
        'possible_pseudo_pairs': 1,
        'possible_class_pairs': 0.5,
        'records_of_one_entity': 3,
        'supposed_relations': ['household', 'colleague', 'neighbour'],
        'least_related_share': 0.3,
        'matches_of_a_small_file': 1000,
        'counted_partners': 10,
        'listed_name_records': 500,
    }) }}
{% endmacro %}

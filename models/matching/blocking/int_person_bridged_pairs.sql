{{ bridged_pairs('person', ref('int_person_features'), ref('int_person_scored_blocked_pairs')) }}

{{ compared_person_pairs(ref('int_person_candidate_pairs')) }}

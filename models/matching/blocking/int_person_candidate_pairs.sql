{{ candidate_pairs(ref('int_person_blocks'), ref('int_person_random_pairs')) }}

{{ em_initial('person', ref('int_person_features'), ref('int_person_training_evidence')) }}

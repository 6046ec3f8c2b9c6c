{{ labelled_quality('person', ref('int_person_clusters'), ref('labelled_pairs')) }}

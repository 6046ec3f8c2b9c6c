{{ labelled_quality('person', ref('person_clusters'), ref('labelled_pairs')) }}

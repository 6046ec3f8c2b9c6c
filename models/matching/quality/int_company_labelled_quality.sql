{{ labelled_quality('company', ref('company_clusters'), ref('labelled_pairs')) }}

{{ labelled_quality('company', ref('int_company_clusters'), ref('labelled_pairs')) }}

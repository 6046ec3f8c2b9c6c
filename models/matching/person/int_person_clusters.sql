{{ resolved_clusters(ref('int_person_features'), ref('int_person_linkage')) }}

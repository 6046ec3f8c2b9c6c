{{ resolved_clusters(ref('int_company_features'), ref('int_company_linkage')) }}

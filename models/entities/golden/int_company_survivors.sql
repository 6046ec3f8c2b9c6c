select * except (position)
from {{ ref('int_company_ranked_candidates') }}
where position = 1

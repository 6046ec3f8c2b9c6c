select * except (position)
from {{ ref('int_person_ranked_candidates') }}
where position = 1

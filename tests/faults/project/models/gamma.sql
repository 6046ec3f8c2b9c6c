select alpha.id from {{ ref('alpha') }} as alpha inner join {{ ref('beta') }} as beta using (id)

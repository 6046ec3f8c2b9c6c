-- The shipped list and the company's own rows (docs/model/own-words.md).
{{ with_own_rows('role_mailboxes', key=['local_part']) }}

"""`concord load`: files into raw tables, with every row there or in a ledger of rejections."""

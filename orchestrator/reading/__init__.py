"""Files of any format as rows: the one reader of `concord load` and `concord resolve`."""

"""Files that belong to a case: checked by content, sealed, gated like what is written."""

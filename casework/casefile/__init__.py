"""The case as a reader sees it: lists, the page of a case, what stands beside a step."""

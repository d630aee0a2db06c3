"""What somebody must see at once: an administrator in a case, a withdrawal no diagram heard."""

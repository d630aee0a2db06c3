"""The agenda of a meeting: what it takes up, for whom, and how a group's meetings go."""

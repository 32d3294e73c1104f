"""Quiz packs: numbers of their own for every student, and the files that are handed out."""

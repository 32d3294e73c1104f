"""The forms of exercise beside the usual steps: a module each, with a function from a solution to its key."""

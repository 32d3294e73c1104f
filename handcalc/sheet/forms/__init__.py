"""The forms of an exercise that aren't the usual steps, a module for each."""

"""Published examples, recomputed: what others have printed, looked up by key in what handcalc derives."""

"""One module per language, each with its sentences by name and what operations say; see `handcalc.formula.words`."""

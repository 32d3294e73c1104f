"""Formulas set by TeX's rules with the measures of the bundled mathematical font, for the PDF."""

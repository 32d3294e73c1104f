"""A second opinion on every printed line. Nothing in these modules but the tests imports handcalc.

marks        what a printed formula says
text_lines   printed lines out of plain text           latex_lines  the same out of LaTeX
numbers      the value of a formula: points of many digits, intervals with outward rounding
networks     random networks, as dicts like a network file
many_digits  a network worked out with mpmath          numpy_net    the same in NumPy
check        whether a printed line is true
"""

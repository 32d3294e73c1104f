"""A second opinion on every printed line. Nothing in these modules but the tests imports handcalc.

marks        what a printed formula says
text_lines   printed lines out of plain text           latex_lines  the same out of LaTeX
numbers      the value of a formula: points of many digits, intervals with outward rounding
networks     random networks, as dicts like a network file
many_digits  a network worked out with mpmath          numpy_net    the same in NumPy
pairs        rows in which all pairs of options stand       exercises    network files of these rows
torch_net    a network file worked out by PyTorch, with every gradient and update
check        whether a printed line is true
"""

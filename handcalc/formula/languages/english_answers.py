"""What is said of an answer that can't be read, in English, by its code."""

from __future__ import annotations

ANSWERS = {
    "empty": "nothing stands here",
    "long": "{count} characters; at most {most} are accepted",
    "many": "more than {most} numbers, names and signs",
    "deep": "brackets or signs more than {most} deep in one another",
    "entries": "more than {most} entries",
    "character": "found {found}, which means nothing in an answer",
    "relation": "found {found}; an answer is one value, not a range",
    "either": "found {found}; an answer is one value, not two",
    "digits": "a number of {count} digits; at most {most} are accepted",
    "points": "{found} is no number: it has more than one decimal point",
    "tens": "a power of ten beyond 10^{most}",
    "e": "{found} has two meanings; write e^(…) for a power of e, or a whole exponent for a power of ten",
    "exponent": "an exponent of {found}; at most {most} is accepted",
    "large": "a value beyond 10^{most}",
    "close": "what stands here can't be told from 0",
    "no value": "{found} has no value",
    "divides by 0": "this divides by 0",
    "unit": "found {found} after a number; write the number alone, without a unit",
    "name": "{found} is not known here",
    "meant": "{found} is not known here; did you mean {near}?",
    "no function": "{found} is not a function that is known here",
    "function": "{found} needs its value after it: {found}(…)",
    "raised function": "{found} needs its value before a power: ({found}(…))^…",
    "values": "{found} takes another number of values, not {count}",
    "wanted": "found {found}, where a number or an opening bracket is wanted",
    "ends": "the answer ends, where a number or an opening bracket is wanted",
    "beside": "found {found} right after {before}; an operation is missing between them",
    "opened": "this {found} is not closed; a {wanted} is missing",
    "closed": "this {found} closes nothing",
    "ragged": "row {row} has another number of entries than the first: {count}, not {wanted}",
    "shape": "{rows} rows and {columns} columns are wanted here",
    "later": "{found} is not worked out yet here; write it in what comes before",
    "matrix": "a matrix or list stands alone; it can't be part of a calculation here",
    "accepted": "Accepted: a number such as 0.5866, 3/20, 2e-3 or 58.66 %, an expression such as 1/(1 + e^(-0.35)), "
    "or several in brackets: [0.1; 0.9].",
    "accepted letters": "Accepted: an expression such as ({letters})/2, in the letters {letters_listed}; "
    "a number such as 0.5866 or 3/20.",
}

"""What a dialogue that asks line by line says in English, by name."""

from __future__ import annotations

PRACTISE = {
    "practise opening": (
        "{count} {count:line|lines} to work out. Type what you get, as a number or as an expression: 0.41, 3/20, "
        "1/(1 + e^(-0.35))."
    ),
    "practise help": "? gives a hint, - shows the result and goes on, q ends.",
    "practise help after": "Enter goes on with your own number.",
    "practise right": "Right.",
    "practise follows": "Right, from your own {sources}.",
    "practise convention": "Right, in another convention than the sheet's.",
    "practise coarse": "So far right, but it wants more digits.",
    "practise mistake": "Not yet. You get this {what} if {mistake}.",
    "practise elsewhere": "Not yet. That is the value of {quantity}.",
    "practise close": "Close. A digit, or an earlier rounding?",
    "practise wrong": "Not yet.",
    "practise undecided": "Nothing tells for certain whether this is right. Try a number.",
    "practise one number": "One number is wanted here.",
    "practise nothing": "Type a number. {help}",
    "practise no hint": "There is nothing to work out here: it is given.",
    "practise last hint": "That was all; - shows the result.",
    "practise result": "It is {result}.",
    "practise kept": "Then go on with {result}.",
    "practise right lines": "{right} of {count} {count:line|lines} right, {once} of them at once.",
    "practise left lines": "Shown: {lines}.",
    "practise kept lines": "Not right in the end: {lines}.",
    "practise hinted lines": "With a hint: {lines}.",
    "practise mistakes": "What happened:",
    "practise mistake at": "{quantity}: {mistake}",
    "practise ended": "Ended before {quantity}.",
}

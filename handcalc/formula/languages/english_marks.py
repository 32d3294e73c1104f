"""What is said of a student's answers in English, by name."""

from __future__ import annotations

MARKS = {
    "mark correct": "Correct.",
    "mark form": "Right, but not with as many digits as the sheet asks for: {expected}.",
    "mark coarse": "Right, but rounded more coarsely than the sheet says: {expected}.",
    "mark follows": "Correct from your earlier {sources}: that gives {follows} here.",
    "mark mistake": "You get this {what} if {mistake}. Expected: {expected}.",
    "mark mistake, line": "You get this {what} if {mistake}: {line}. Expected: {expected}.",
    "mark a number": "number",
    "mark an expression": "expression",
    "mark wrong": "Expected: {expected}.",
    "mark undecided": "Nothing tells for certain whether this is {expected}; somebody has to look at it.",
    "mark unreadable": "This can't be read: {problem}.",
    "mark one number": "one number is wanted here",
    "mark done": "Not written, but {shows} shows that it was worked out. Expected: {expected}.",
    "mark blank": "Not written. Expected: {expected}.",
    "mark expected from": "{expected}; from your {sources}: {follows}",
    "mark convention sign": (
        "Another convention than the sheet's, and consistent: y − p, and added. The sheet has {expected}."
    ),
    "mark convention transposed": (
        "Another convention than the sheet's, and consistent: the indices of the weights the other way round. "
        "The sheet has {expected}."
    ),
    "mark convention factor": (
        "Another convention than the sheet's, and consistent: the loss has another factor. The sheet has {expected}."
    ),
    "mark also": "You also get it if {others}.",
    "mark or": ", or if ",
    "mark repeated": "The same as in the line of {quantity}; it costs only once.",
    "mark repeated, each": "The same as in the line of {quantity}.",
    "mark trivial": "With {source} there is nothing left to work out here.",
    "mark trivial, less": (
        "With {source} there is nothing left to work out here; since nothing shows where that comes from, the line "
        "counts for less."
    ),
    "mark elsewhere": "Your number is the value of {quantity}.",
    "mark at": "in the line of {quantities} {mistake}",
    "mark at several": "in the lines of {quantities} {mistake}",
    "mark and": " and ",
    "mark and besides": ", and ",
    "mark transposed": "{block} has its rows and columns exchanged.",
    "mark swapped": "{one} and {other} stand in each other's places.",
    # what can happen in any line
    "near sign": "the result has the other sign",
    "near ten": "the point is misplaced",
    "near factor": "the loss has the additional factor {factor}",
    "near term-sign": "one term has the other sign",
    "near term-left-out": "one term is left out",
    "near digits": "two digits of {right} are swapped",
    "near given": "{wrong} is taken for {right}",
    "near given-sign": "{right} has the other sign",
    "near early": "an earlier result is rounded more coarsely",
}

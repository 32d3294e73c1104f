"""What stands on feedback sheets and on the report of a class in English, by name."""

from __future__ import annotations

FEEDBACK = {
    "mark one letter": "one letter is wanted here: {letters}",
    "mark one line": "the name of one line is wanted here",
    "option expected": "{letter}, {value}",
    "option mistake": "You get {letter}, {value}, if {mistake}. Expected: {expected}.",
    "option wrong": "{letter}, {value}, follows from no known mistake. Expected: {expected}.",
    # mistakes that can happen in any line, without a line's numbers
    "usually sign": "the result has the other sign",
    "usually ten": "the point is misplaced",
    "usually factor": "the loss has an additional factor",
    "usually term-sign": "one term has the other sign",
    "usually term-left-out": "one term is left out",
    "usually digits": "two digits are swapped",
    "usually given": "one number is taken for another",
    "usually given-sign": "a number that goes in has the other sign",
    "usually early": "an earlier result is rounded more coarsely",
    # the verdict of a line in a word or two
    "verdict correct": "correct",
    "verdict form": "other digits",
    "verdict coarse": "too coarse",
    "verdict follows": "follows",
    "verdict trivial": "nothing left",
    "verdict mistake": "a mistake",
    "verdict convention": "other convention",
    "verdict wrong": "not right",
    "verdict undecided": "open",
    "verdict unreadable": "unreadable",
    "verdict done": "done",
    "verdict blank": "blank",
    "feedback to": "Feedback: {title}",
    "feedback total": "{marks} of {count} {count:mark|marks}.",
    "feedback answer": "your answer",
    "feedback expected": "expected",
    "feedback marks": "marks",
    "feedback marks of": "{marks} of {count}",
    "feedback verdict": "verdict",
    # the report of a class
    "report of": "Report: {title}",
    "report handed in": "{count} {count:sheet|sheets} handed in",
    "report handed in of": "{count} of {all} sheets handed in",
    "report total": "{out_of} {out_of:mark|marks} in all",
    "report totals": "Totals",
    "report middle": "Mean {mean}, median {median}, from {least} to {most}.",
    "report spread": "Standard deviation {spread}.",
    "report few": "With fewer than {count} sheets a spread or a correlation would say nothing; they are left out.",
    "report marks": "marks",
    "report sheets": "sheets",
    "report totals alt": "How many sheets have how many marks: {listed}.",
    "report lines": "Line by line",
    "report shares": "Share of the marks reached",
    "report shares alt": "The share of the marks reached at each line: {listed}.",
    "report share": "share, %",
    "report right": "right",
    "report follows": "followed",
    "report mistakes named": "mistakes",
    "report other": "other",
    "report blank": "blank",
    "report discrimination": "correl.",
    "report columns": (
        "Share: of the marks of a line, the mean over all sheets. Followed: right from a wrong earlier value. Other: "
        "wrong without a name, unreadable, too coarse or open."
    ),
    "report correlation": (
        "Correl.: correlation of the line's marks with those of all other lines. Near 0 the line tells little, below "
        "0 look at it; – where all have the same."
    ),
    "report mistakes": "Mistakes",
    "report on sheets": "{count} {count:sheet|sheets}",
    "report times": "{count} times",
    "report no mistakes": "No mistake with a name was found.",
    "report saved": "What follow-through saved",
    "report saved marks": (
        "{marks} of {count} marks were given for lines that are right from the student's own earlier values."
    ),
    "report saved none": "No line was right only from the student's own earlier values.",
    "report look": "To look at",
    "report look at": "{who}: {key} = {text} ({verdict})",
    "report other sheet": "{who}: most of these answers belong to the sheet of {other}",
}

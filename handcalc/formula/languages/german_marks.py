"""What is said of a student's answers in German, by name."""

from __future__ import annotations

MARKS = {
    "mark correct": "Richtig.",
    "mark form": "Richtig, aber nicht mit so vielen Stellen, wie das Blatt verlangt: {expected}.",
    "mark coarse": "Richtig, aber gröber gerundet, als das Blatt sagt: {expected}.",
    "mark follows": "Folgerichtig aus deinem früheren {sources}: das ergibt hier {follows}.",
    "mark mistake": "So kommt man auf diese{what}: {mistake}. Erwartet: {expected}.",
    "mark mistake, line": "So kommt man auf diese{what}: {mistake}, {line}. Erwartet: {expected}.",
    "mark a number": " Zahl",
    "mark an expression": "n Ausdruck",
    "mark wrong": "Erwartet: {expected}.",
    "mark undecided": "Ob das {expected} ist, steht nicht sicher fest; jemand muss es ansehen.",
    "mark unreadable": "Das lässt sich nicht lesen: {problem}.",
    "mark one number": "hier steht genau eine Zahl",
    "mark done": "Nicht hingeschrieben, aber {shows} zeigt, dass es gerechnet ist. Erwartet: {expected}.",
    "mark blank": "Nicht hingeschrieben. Erwartet: {expected}.",
    "mark expected from": "{expected}; aus deinem {sources}: {follows}",
    "mark convention sign": (
        "Eine andere Konvention als auf dem Blatt, aber stimmig: y − p, und addiert. Das Blatt hat {expected}."
    ),
    "mark convention transposed": (
        "Eine andere Konvention als auf dem Blatt, aber stimmig: die Indizes der Gewichte umgekehrt. "
        "Das Blatt hat {expected}."
    ),
    "mark convention factor": (
        "Eine andere Konvention als auf dem Blatt, aber stimmig: die Verlustfunktion mit anderem Faktor. "
        "Das Blatt hat {expected}."
    ),
    "mark also": "Man kommt auch so darauf: {others}.",
    "mark or": "; oder: ",
    "mark repeated": "Wie in der Zeile von {quantity}; das kostet nur einmal.",
    "mark repeated, each": "Wie in der Zeile von {quantity}.",
    "mark trivial": "Mit {source} bleibt hier nichts mehr zu rechnen.",
    "mark trivial, less": (
        "Mit {source} bleibt hier nichts mehr zu rechnen; da nichts zeigt, woher das kommt, zählt die Zeile weniger."
    ),
    "mark elsewhere": "Deine Zahl ist der Wert von {quantity}.",
    "mark at": "in der Zeile von {quantities}: {mistake}",
    "mark at several": "in den Zeilen von {quantities}: {mistake}",
    "mark and": " und ",
    "mark and besides": "; ",
    "mark transposed": "In {block} sind Zeilen und Spalten vertauscht.",
    "mark swapped": "{one} und {other} stehen an der Stelle des anderen.",
    # what can happen in any line
    "near sign": "das Ergebnis hat das andere Vorzeichen",
    "near ten": "das Komma ist verrutscht",
    "near factor": "die Verlustfunktion hat zusätzlich den Faktor {factor}",
    "near term-sign": "ein Summand hat das andere Vorzeichen",
    "near term-left-out": "ein Summand fehlt",
    "near digits": "zwei Ziffern von {right} sind vertauscht",
    "near given": "{wrong} steht für {right}",
    "near given-sign": "{right} hat das andere Vorzeichen",
    "near early": "ein früheres Ergebnis ist gröber gerundet",
}

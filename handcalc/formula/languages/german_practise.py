"""What a dialogue that asks line by line says in German, by name."""

from __future__ import annotations

PRACTISE = {
    "practise opening": (
        "{count} {count:Zeile|Zeilen} zu rechnen. Schreib, was herauskommt, als Zahl oder als Ausdruck: 0,41, 3/20, "
        "1/(1 + e^(-0,35))."
    ),
    "practise help": "? gibt einen Hinweis, - zeigt das Ergebnis und geht weiter, q beendet.",
    "practise help after": "Enter geht mit deiner eigenen Zahl weiter.",
    "practise right": "Richtig.",
    "practise follows": "Richtig, mit deinem eigenen {sources}.",
    "practise convention": "Richtig, in einer anderen Konvention als auf dem Blatt.",
    "practise coarse": "So weit richtig, aber es fehlen Stellen.",
    "practise mistake": "Noch nicht. So kommt man auf diese{what}: {mistake}.",
    "practise elsewhere": "Noch nicht. Das ist der Wert von {quantity}.",
    "practise close": "Knapp. Eine Ziffer, oder zu früh gerundet?",
    "practise wrong": "Noch nicht.",
    "practise undecided": "Ob das richtig ist, steht nicht sicher fest. Versuch es mit einer Zahl.",
    "practise one number": "Hier steht genau eine Zahl.",
    "practise nothing": "Schreib eine Zahl. {help}",
    "practise no hint": "Hier ist nichts zu rechnen: Das ist gegeben.",
    "practise last hint": "Das war alles; - zeigt das Ergebnis.",
    "practise result": "Es ist {result}.",
    "practise kept": "Dann weiter mit {result}.",
    "practise right lines": "{right} von {count} {count:Zeile|Zeilen} richtig, {once} davon auf Anhieb.",
    "practise left lines": "Gezeigt: {lines}.",
    "practise kept lines": "Am Ende nicht richtig: {lines}.",
    "practise hinted lines": "Mit Hinweis: {lines}.",
    "practise mistakes": "Was vorkam:",
    "practise mistake at": "{quantity}: {mistake}",
    "practise ended": "Beendet vor {quantity}.",
}

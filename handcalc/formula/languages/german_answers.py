"""What is said of an answer that can't be read, in German, by its code."""

from __future__ import annotations

ANSWERS = {
    "empty": "hier steht nichts",
    "long": "{count} Zeichen; höchstens {most} sind möglich",
    "many": "mehr als {most} Zahlen, Namen und Zeichen",
    "deep": "Klammern oder Vorzeichen sind mehr als {most}-fach ineinander",
    "entries": "mehr als {most} Einträge",
    "character": "{found} bedeutet in einer Antwort nichts",
    "relation": "hier steht {found}; eine Antwort ist ein Wert, kein Bereich",
    "either": "hier steht {found}; eine Antwort ist ein Wert, nicht zwei",
    "digits": "eine Zahl mit {count} Ziffern; höchstens {most} sind möglich",
    "points": "{found} ist keine Zahl: sie hat mehr als ein Dezimalzeichen",
    "tens": "eine Zehnerpotenz jenseits von 10^{most}",
    "e": "{found} hat zwei Bedeutungen; e^(…) ist eine Potenz von e, eine Zehnerpotenz hat einen ganzen Exponenten",
    "exponent": "ein Exponent von {found}; höchstens {most} ist möglich",
    "large": "ein Wert jenseits von 10^{most}",
    "close": "was hier steht, ist von 0 nicht zu unterscheiden",
    "no value": "{found} hat keinen Wert",
    "divides by 0": "hier wird durch 0 geteilt",
    "unit": "{found} steht nach einer Zahl; bitte nur die Zahl, ohne Einheit",
    "name": "{found} ist hier nicht bekannt",
    "meant": "{found} ist hier nicht bekannt; ist {near} gemeint?",
    "no function": "{found} ist keine Funktion, die hier bekannt ist",
    "function": "nach {found} fehlt der Wert: {found}(…)",
    "raised function": "{found} braucht seinen Wert vor einer Potenz: ({found}(…))^…",
    "values": "{found} braucht eine andere Zahl von Werten, nicht {count}",
    "wanted": "hier steht {found}, wo eine Zahl oder eine öffnende Klammer fehlt",
    "ends": "die Antwort endet, wo eine Zahl oder eine öffnende Klammer fehlt",
    "beside": "{found} steht gleich hinter {before}; dazwischen fehlt ein Rechenzeichen",
    "opened": "diese {found} wird nicht geschlossen; eine {wanted} fehlt",
    "closed": "diese {found} schließt nichts",
    "ragged": "Zeile {row} hat eine andere Zahl von Einträgen als die erste: {count} statt {wanted}",
    "shape": "hier stehen {rows} Zeilen und {columns} Spalten",
    "later": "{found} ist hier noch nicht berechnet; schreib es mit dem, was davor steht",
    "matrix": "eine Matrix oder Liste steht für sich; mit ihr lässt sich hier nicht rechnen",
    "accepted": "Möglich sind: eine Zahl wie 0,5866, 3/20, 2e-3 oder 58,66 %, ein Ausdruck wie 1/(1 + e^(-0,35)), oder "
    "mehrere in Klammern: [0,1; 0,9].",
    "accepted letters": "Möglich sind: ein Ausdruck wie ({letters})/2 in den Buchstaben {letters_listed}; "
    "eine Zahl wie 0,5866 oder 3/20.",
}

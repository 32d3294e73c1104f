"""What the gates of a quiz ask for in German, by the English sentence."""

from __future__ import annotations

GATES = {
    "results that end have few digits, and none is large": (
        "Ergebnisse, die aufgehen, haben wenige Ziffern, und keines ist groß"
    ),
    "no weighted sum at the kink of a ReLU or step": "keine gewichtete Summe am Knick einer ReLU oder an einer Stufe",
    "a live and a dead unit": "eine aktive und eine tote Einheit",
    "no output near the end of its range": "keine Ausgabe nahe am Ende ihres Bereichs",
    "no gradient that isn't 0 is printed as 0, and none is 0 throughout a layer": (
        "kein Gradient, der nicht 0 ist, wird als 0 gedruckt, und keine ganze Schicht hat den Gradienten 0"
    ),
    "no two quantities equal of which the larger one is taken": (
        "keine zwei Größen gleich, von denen die größere genommen wird"
    ),
    "no two answers of a block alike in print": "keine zwei Ergebnisse eines Blocks im Druck gleich",
    "two figures of every asked gradient in print": "zwei Ziffern jedes gefragten Gradienten im Druck",
    "every asked update changes what is printed": "jeder gefragte Schritt ändert, was gedruckt ist",
    "the loss falls in print": "der Verlust sinkt im Druck",
    "no known mistake gives an accepted answer": "kein bekannter Fehler ergibt eine anerkannte Antwort",
    "as many zeros, digits and minus signs as the others have": (
        "so viele Nullen, Ziffern und Minuszeichen wie bei den anderen"
    ),
    "numbers that nobody else has": "Zahlen, die sonst niemand hat",
    "the final answers are the same with exact and with rounded carry": (
        "die letzten Ergebnisse sind gleich, ob exakt oder gerundet weitergerechnet wird"
    ),
}

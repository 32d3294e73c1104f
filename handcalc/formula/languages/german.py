"""The words of a sheet in German: its sentences by name; what operations say, by their name and kind of sentence."""

from __future__ import annotations

SENTENCES = {
    # marks
    "if": "falls",
    "otherwise": "sonst",
    "page": "Seite {page} von {pages}",
    # headings
    "untitled": "Ein Netz von Hand gerechnet",
    "given": "Gegeben",
    "known from before": "Schon bekannt",
    "forward": "Vorwärtsrechnung",
    "loss": "Verlust",
    "gradients": "Rückwärtsrechnung",
    "update": "Neue Parameter",
    "rerun": "Noch einmal mit den neuen Parametern",
    "result": "Ergebnis",
    "heading of layer": "{heading}, Schicht {layer} ({activation})",
    "heading of loss": "{heading}, Verlust",
    # givens
    "target": "Zielwert",
    "target named": "Zielwert {name}",
    "learning rate": "Lernrate",
    # conventions
    "indices to, from": (
        "Von den beiden Indizes eines Gewichts sagt der erste, zu welcher Einheit es führt, der zweite, woher es "
        "kommt: {weight} führt zu Einheit {to} und kommt von {source} {start}."
    ),
    "indices from, to": (
        "Von den beiden Indizes eines Gewichts sagt der erste, woher es kommt, der zweite, zu welcher Einheit es "
        "führt: {weight} kommt von {source} {start} und führt zu Einheit {to}."
    ),
    "layer at the letter": "Die Zahl am Buchstaben selbst ist die Schicht.",
    "numbered plain": (
        "Gewichte, Biaswerte, gewichtete Summen und verborgene Einheiten sind jeweils durchgehend nummeriert, Schicht "
        "für Schicht: die Gewichte von {first} bis {last}, die Gewichte zu einer Einheit stehen hintereinander."
    ),
    "numbered throughout": (
        "Alle Einheiten sind durchgehend nummeriert, die Eingaben zuerst. Von den beiden Indizes eines Gewichts sagt "
        "der erste, von welcher Einheit es kommt, der zweite, zu welcher es führt; alles andere trägt die Nummer "
        "seiner Einheit."
    ),
    "delta": "{delta} ist die Ableitung des Verlusts nach der gewichteten Summe {sum}.",
    "minus delta": "{delta} ist die negative Ableitung des Verlusts nach der gewichteten Summe {sum}.",
    "minus gradients": (
        "Fehler sind hier Zielwert minus Ausgabe; die Rückwärtsrechnung liefert deshalb die negativen Ableitungen, "
        "etwa {slope}, und beim Anpassen der Parameter werden sie addiert."
    ),
    "log": "log ist der natürliche Logarithmus.",
    "carried exactly": (
        "Gerechnet wird mit den exakten Werten; Ergebnisse sind auf {decimals} "
        "{decimals:Nachkommastelle|Nachkommastellen} kaufmännisch gerundet (eine Hälfte von 0 weg). Eine Zahl mit drei "
        "Punkten zeigt die ersten Ziffern der exakten Zahl, und zwar so viele, wie die Zeilen brauchen, die sie "
        "benutzen: Mit den gedruckten Ziffern ergibt jede Zeile ihr gerundetes Ergebnis."
    ),
    "exact lines": (
        "Wo keine Anzahl von Ziffern ein Ergebnis entscheiden kann, ist die Zeile exakt geschrieben; ihre Buchstaben "
        "stehen für die exakten Zahlen."
    ),
    "carried rounded": (
        "Jedes Ergebnis ist auf {decimals} {decimals:Nachkommastelle|Nachkommastellen} kaufmännisch gerundet (eine "
        "Hälfte von 0 weg), und mit der gerundeten Zahl wird weitergerechnet."
    ),
    "kept figures": (
        "Ein Ergebnis, das nicht 0 ist, aber auf 0 gerundet würde, eine Wahrscheinlichkeit, die auf 0 oder 1 gerundet "
        "würde, und eine Summe, die auf einen ihrer Summanden gerundet würde, behält {decimals} {decimals:signifikante "
        "Stelle|signifikante Stellen} ihres Abstands davon."
    ),
    # working
    "new value": "Der neue Wert von {old} ist {new}.",
    "slope is": "{condition}, also ist die Ableitung {slope}",
    "line exactly": "exakt geschrieben, weil keine Anzahl von Ziffern diese Zeile entscheiden kann",
    # the picture
    "inputs": "Eingaben",
    "input": "Eingabe",
    "unit": "Einheit",
    "picture": "Ein {sizes}-Netz ({kinds}) mit seinen Gewichten und Biaswerten",
    # the last sentence
    "prediction": "{prediction}.",
    "prediction after": "Nach dem Schritt: {prediction}.",
    "named": "{name}: {result}",
    "value and target": "{result} (Zielwert {target})",
    "probability": "p({name}) {digits}",
    "verdict": "{result}: {verdict}",
    "verdict and target": "{result}: {verdict} (Ziel: {target})",
    "tie": "unentschieden",
    "class": "Klasse {number}",
    "not": "nicht {name}",
    "undecided": "unentschieden",
    "loss falls": "{before} vor dem Schritt, {after} danach: Der Verlust sinkt.",
    "loss rises": "{before} vor dem Schritt, {after} danach: Der Verlust steigt.",
    "loss stays": "{before} vor dem Schritt, {after} danach: Der Verlust bleibt gleich.",
}

OPERATIONS = {
    "weighted sum": {
        "title": "gewichtete Summe",
        "tell": "Jede Eingabe mit ihrem Gewicht multiplizieren, die Produkte addieren, den Bias addieren.",
        "gradient_tell": (
            "Ableitung nach einem Gewicht: Ableitung nach seiner Summe mal die Eingabe, mit der es multipliziert wird. "
            "Ableitung nach einem Bias: Ableitung nach seiner Summe."
        ),
        "back_tell": (
            "Jede Summe, die eine Ausgabe benutzt, ist ein Weg zum Verlust: Ableitung nach der Summe mal das Gewicht; "
            "die Wege werden addiert."
        ),
    },
    "linear": {
        "title": "linear",
        "tell": "Die Ausgabe ist die gewichtete Summe selbst.",
        "gradient_tell": "Die Ableitung ist 1: Der Gradient geht unverändert hindurch.",
    },
    "sigmoid": {
        "title": "Sigmoid",
        "tell": "Die Sigmoidfunktion staucht jede Summe in den Bereich von 0 bis 1.",
        "gradient_tell": "Die Ableitung der Sigmoidfunktion ist a(1 − a).",
    },
    "tanh": {
        "title": "tanh",
        "tell": "Der Tangens hyperbolicus staucht jede Summe in den Bereich von −1 bis 1.",
        "gradient_tell": "Die Ableitung von tanh ist 1 − a².",
    },
    "relu": {
        "title": "ReLU",
        "tell": "ReLU behält, was positiv ist, und macht alles andere zu 0.",
        "gradient_tell": "Die Ableitung von ReLU ist 1, wo z > 0 ist, sonst 0.",
    },
    "softmax": {
        "title": "Softmax",
        "tell": "e mit jeder Summe potenzieren, die Potenzen addieren, jede Potenz durch diese Gesamtsumme teilen.",
        "gradient_tell": (
            "Die Ableitung von Softmax ist p(1 − p) für die Einheit selbst und −p·p für zwei verschiedene Einheiten."
        ),
    },
    "chain rule": {
        "title": "Kettenregel",
        "tell": "Für jeden Weg: die Ableitung von oben mal die lokale Ableitung; die Wege werden addiert.",
    },
    "half squared error": {
        "title": "halber quadratischer Fehler",
        "tell": "Die Hälfte der Summe der quadrierten Fehler.",
        "gradient_tell": "Aus dem Quadrat wird ein Faktor 2, der sich mit der Hälfte kürzt.",
    },
    "squared error": {
        "title": "quadratischer Fehler",
        "tell": "Die Summe der quadrierten Fehler.",
        "gradient_tell": "Aus dem Quadrat wird ein Faktor 2.",
    },
    "mean squared error": {
        "title": "mittlerer quadratischer Fehler",
        "tell": "Der Mittelwert der quadrierten Fehler über die Ausgaben.",
        "gradient_tell": (
            "Aus dem Quadrat wird ein Faktor 2; wegen des Mittelwerts wird durch die Zahl der Ausgaben geteilt."
        ),
    },
    "binary cross-entropy": {
        "title": "binäre Kreuzentropie",
        "tell": "Minus der Logarithmus der Wahrscheinlichkeit für das, was wirklich eingetreten ist.",
        "gradient_tell": "Die Ableitung der binären Kreuzentropie ist (p − y) / (p(1 − p)).",
        "quoted_tell": (
            "Sigmoid und binäre Kreuzentropie haben zusammen die Ableitung p − y: Alles andere kürzt sich weg."
        ),
    },
    "cross-entropy": {
        "title": "Kreuzentropie",
        "tell": "Minus der Logarithmus der Wahrscheinlichkeit der richtigen Klasse.",
        "gradient_tell": "Die Ableitung von −y ln p ist −y/p.",
        "quoted_tell": "Softmax und Kreuzentropie haben zusammen die Ableitung p − y: Alles andere kürzt sich weg.",
    },
    "gradient descent": {
        "title": "Gradientenabstieg",
        "tell": "Jeder Parameter geht einen Schritt gegen seine Ableitung: Lernrate mal Gradient.",
    },
}

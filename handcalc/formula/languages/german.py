"""The sentences of a sheet in German, by name."""

from __future__ import annotations

from handcalc.formula.languages.german_feedback import FEEDBACK
from handcalc.formula.languages.german_marks import MARKS
from handcalc.formula.languages.german_practise import PRACTISE

SENTENCES = {
    # marks
    "if": "falls",
    "otherwise": "sonst",
    "page": "Seite {page} von {pages}",
    # the head of a sheet
    "sheet name": "Name",
    "sheet ID": "Matr.-Nr.",
    "sheet variant": "Variante {variant}",
    # headings
    "untitled": "Ein Netz von Hand gerechnet",
    "given": "Gegeben",
    "known from before": "Schon bekannt",
    "scaling": "Skalierung der Eingaben",
    "forward": "Vorwärtsrechnung",
    "output": "Zurück in die Einheiten der Aufgabe",
    "loss": "Verlust",
    "gradients": "Rückwärtsrechnung",
    "update": "Neue Parameter",
    "rerun": "Noch einmal mit den neuen Parametern",
    "result": "Ergebnis",
    "updates": "Aktualisierungen",
    "epochs": "Epochen",
    "sum of the losses": "Summe der Verluste",
    "the loss": "Verlust",
    "plot of the loss": "Der Verlust über die Aktualisierungen",
    "plot of an output": "{output} über die Aktualisierungen",
    "table of updates": "Vor der ersten Aktualisierung und nach so vielen:",
    "table of epochs": "Die Summe der Verluste jeder Epoche, jeder vor seiner Aktualisierung gemessen:",
    "samples table": "Beispiel",
    "heading of update": "Schritt {update}: {heading}",
    "heading of online update": "Schritt {update}, Beispiel {sample}: {heading}",
    "heading of sample": "{heading}, Beispiel {sample}",
    "heading of layer": "{heading}, Schicht {layer} ({activation})",
    "heading of loss": "{heading}, Verlust",
    # givens
    "target": "Zielwert",
    "target named": "Zielwert {name}",
    "learning rate": "Lernrate",
    "counter": "Nummer des Schritts",
    "sample weight": "Gewicht des Beispiels",
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
    "letters": (
        "{letters} {count:steht für eine beliebige Zahl|stehen für beliebige Zahlen}. Eine Zeile, die davon abhängt, "
        "endet mit einem Ausdruck; kurze Summen werden in spätere Zeilen eingesetzt, andere Ergebnisse behalten dort "
        "ihren Namen."
    ),
    "log": "log ist der natürliche Logarithmus.",
    "decimals": "{places} {places:Nachkommastelle|Nachkommastellen}",
    "figures": "{places} {places:signifikante Stelle|signifikante Stellen}",
    "rounded": "auf {places} kaufmännisch gerundet (eine Hälfte von 0 weg)",
    "cut": "auf {places} abgeschnitten, nicht gerundet",
    "carried exactly, rounded": "Gerechnet wird mit den exakten Werten; Ergebnisse sind {done}.",
    "carried exactly, cut": "Gerechnet wird mit den exakten Werten; Ergebnisse sind {done}.",
    "digits, rounded": (
        "Eine Zahl mit drei Punkten zeigt die ersten Ziffern der exakten Zahl, und zwar so viele, wie die Zeilen "
        "brauchen, die sie benutzen: Mit den gedruckten Ziffern ergibt jede Zeile ihr gerundetes Ergebnis."
    ),
    "digits, cut": (
        "Eine Zahl mit drei Punkten zeigt die ersten Ziffern der exakten Zahl, und zwar so viele, wie die Zeilen "
        "brauchen, die sie benutzen: Mit den gedruckten Ziffern ergibt jede Zeile ihr abgeschnittenes Ergebnis."
    ),
    "carried rounded, rounded": "Jedes Ergebnis ist {done}, und mit der gerundeten Zahl wird weitergerechnet.",
    "carried rounded, cut": "Jedes Ergebnis ist {done}, und mit der abgeschnittenen Zahl wird weitergerechnet.",
    "own places": "Abweichend davon: {places}.",
    "own place": "{name} hat {places}",
    "powers of ten": (
        "Wo Nullen nur Stellen füllen würden und wo es viele wären, steht eine Zahl mit einer Zehnerpotenz: Alle ihre "
        "Ziffern sind signifikant."
    ),
    "kept figures, rounded decimals": (
        "Ein Ergebnis, das nicht 0 ist, aber auf 0 gerundet würde, eine Wahrscheinlichkeit, die auf 0 oder 1 gerundet "
        "würde, und eine Summe, die auf einen ihrer Summanden gerundet würde, behält {kept} ihres Abstands davon."
    ),
    "kept figures, cut decimals": (
        "Ein Ergebnis, das nicht 0 ist, aber zu 0 abgeschnitten würde, und eine Summe, von der nur einer ihrer "
        "Summanden bliebe, behält {kept} ihres Abstands davon."
    ),
    "kept figures, rounded figures": (
        "Eine Wahrscheinlichkeit, die auf 1 gerundet würde, und eine Summe, die auf einen ihrer Summanden gerundet "
        "würde, behält {kept} ihres Abstands davon."
    ),
    "kept figures, cut figures": (
        "Eine Summe, von der nur einer ihrer Summanden bliebe, behält {kept} ihres Abstands davon."
    ),
    "as many as its decimals": "so viele signifikante Stellen, wie sie Nachkommastellen hat,",
    "as many as its figures": "so viele signifikante Stellen, wie sie Stellen hat,",
    "slip": "Der Fehler steckt in der Zeile von {quantity}: {mistake}.",
    "accepted, rounded": (
        "Eine Antwort ist richtig, wenn man sie erreichen kann, indem man jeden Schritt auf {places} oder mehr rundet: "
        "Jede hat ihren Bereich."
    ),
    "accepted, cut": (
        "Eine Antwort ist richtig, wenn man sie erreichen kann, indem man jeden Schritt nach {places} oder mehr "
        "abschneidet: Jede hat ihren Bereich."
    ),
    "exact lines": (
        "Wo keine Anzahl von Ziffern ein Ergebnis entscheiden kann, ist die Zeile exakt geschrieben; ihre Buchstaben "
        "stehen für die exakten Zahlen."
    ),
    "blocks as columns": (
        "Ein Buchstabe ohne Index ist die Spalte oder die Matrix seiner Einträge, und {turned} ist {letter} "
        "mit Zeilen als Spalten. Summe, ⊙, "
        "Bruch, Potenz und Funktion gelten Eintrag für Eintrag."
    ),
    "blocks as rows": (
        "Ein Buchstabe ohne Index ist die Zeile oder die Matrix seiner Einträge, und {turned} ist {letter} "
        "mit Spalten als Zeilen. Summe, ⊙, "
        "Bruch, Potenz und Funktion gelten Eintrag für Eintrag."
    ),
    "samples as columns": "Von einem großen Buchstaben wie {letter} gehört jede Spalte zu einem Beispiel.",
    "samples as rows": "Von einem großen Buchstaben wie {letter} gehört jede Zeile zu einem Beispiel.",
    "ones": "{ones} ist eine Spalte aus {count} {count:Eins|Einsen}.",
    # working
    "new value": "Der neue Wert von {old} ist {new}.",
    "slope is": "{condition}, also ist die Ableitung {slope}",
    "case is": "{condition}, also ist es {value}",
    "line exactly": "exakt geschrieben, weil keine Anzahl von Ziffern diese Zeile entscheiden kann",
    # tables to fill in
    "net input": "Netzeingabe",
    "output of a unit": "Ausgabe",
    "slope of the output": "Ableitung nach der Ausgabe",
    "error": "Fehler",
    "weight or bias": "Gewicht oder Bias",
    "gradient": "Gradient",
    "new value of it": "neuer Wert",
    "total": "Summe",
    "columns are samples": "Jede Spalte rechts gehört zu einem Beispiel.",
    "row of ones": "Unter den Eingaben einer Schicht steht {ones}, womit ihre Biaswerte multipliziert werden.",
    "class name": "Klasse",
    "epoch by epoch": "Epoche für Epoche",
    "update by update": "Schritt für Schritt",
    "epoch": "Epoche {epoch}",
    "start": "Beginn",
    "update number": "Schritt",
    # the student sheet
    "marks": "{count} {count:Punkt|Punkte}",
    "marks and minutes": "{marks} {marks:Punkt|Punkte}, etwa {minutes} {minutes:Minute|Minuten}",
    "questions": "Aufgaben",
    "heading of question": "Aufgabe {number}: {name}",
    "heading of nameless question": "Aufgabe {number}",
    "question": "{asks}: {names} ({marks} {marks:Punkt|Punkte})",
    "question without marks": "{asks}: {names}",
    "ask letters": "Leite in Buchstaben her, aus dem Gegebenen und den Ergebnissen der Vorwärtsrechnung",
    "ask forward": "Führe die Vorwärtsrechnung durch",
    "ask loss": "Berechne den Verlust",
    "ask slopes of outputs": "Berechne die Ableitungen des Verlusts in der Ausgabeschicht",
    "ask slopes of hidden units": (
        "Berechne die Ableitungen des Verlusts an den verborgenen Einheiten, von der letzten Schicht zur ersten"
    ),
    "ask slopes of parameters": "Berechne die Ableitung des Verlusts nach jedem Gewicht und jedem Bias",
    "ask factors": "Berechne die Faktoren der Kettenregel und ihr Produkt",
    "ask gradients": "Berechne die Gradienten, vom Ausgang zurück",
    "ask update": "Berechne die neuen Parameter",
    "ask rerun": "Rechne noch einmal vorwärts, mit den neuen Parametern",
    "ask given": "Finde, was unter den gegebenen Zahlen fehlt",
    "ask comment": "Kommentar: Ist der Verlust gesunken? Warum?",
    "round every result": "Runde jedes Ergebnis auf {places}.",
    "cut every result": "Schneide jedes Ergebnis ab: {places}.",
    "of sample": "Beispiel {sample}:",
    "repeat": "Ebenso für {count:das|die} {count:andere|anderen}:",
    "do the same": "Hier ebenso:",
    "missing": "{count:Eine Zahl fehlt|Diese Zahlen fehlen} auf dem Blatt: {names}. Alles andere ist gegeben.",
    "in letters": "In Buchstaben",
    "derive": (
        "Leite die Ableitungen in Buchstaben her: mit der Kettenregel, dann in den gegebenen Buchstaben und denen der "
        "Vorwärtsrechnung. Die Zahlen werden unten eingesetzt."
    ),
    "as a product": "Die Kettenregel",
    "factors": "Die Faktoren",
    "product": "Das Produkt",
    "routes": (
        "{weight} wirkt auf {loss} über {ways}. Jeder Schritt auf {count:dem|einem} Weg ist ein Faktor"
        "{count:|, und die Wege werden addiert}."
    ),
    "slopes of a sum": (
        "Die Ableitung einer gewichteten Summe nach einer Eingabe ist das Gewicht dieser Eingabe, nach einem Gewicht "
        "die Eingabe."
    ),
    "check agrees": "Probe: Die Rückwärtsrechnung ergibt dasselbe, {shown}.",
    "check is rounded": "Probe: Die Rückwärtsrechnung rundet unterwegs andere Ergebnisse und ergibt {shown}.",
    "why loss falls": "Jeder Parameter ist gegen seine Ableitung gegangen, und der Schritt war klein genug.",
    "why loss rises": (
        "Jeder Parameter ist gegen seine Ableitung gegangen, aber der Schritt war zu groß: So weit von den alten "
        "Parametern sagen deren Ableitungen nicht mehr, wo der Verlust sinkt."
    ),
    "why loss stays": "Der Schritt hat nichts geändert, wovon der Verlust abhängt.",
    "key to": "Lösung: {title}",
    "for the pocket": "Für die Tasche: {title}",
    "one line is wrong": (
        "Eine Zeile dieser Lösung ist falsch. Alles nach ihr folgt aus ihr, wie es soll. Finde die Zeile, sage, was "
        "falsch gemacht wurde, und rechne ihr richtiges Ergebnis aus."
    ),
    "mistake": "Der Fehler",
    "find the mistake": "Falsch ist die Zeile von {line}. Ihr richtiges Ergebnis ist {result}. Was ging schief?",
    "the mistake is": "{sentence} Richtig ist {right}.",
    "tick": (
        "Kreuze bei jeder Frage ein Kästchen an: Eine Antwort ist richtig. Der Platz neben den Antworten ist für deine "
        "Rechnung."
    ),
    "what is": "{number}. Wie groß ist {quantity}?",
    "what is, for marks": "{number}. Wie groß ist {quantity}? ({marks} {marks:Punkt|Punkte})",
    "right option": "richtig",
    "mistake before": "in der Zeile von {quantity}: {mistake}",
    "no known mistake": "kein bekannter Fehler",
    "question of options": "Frage",
    "its value": "Wert",
    "accepted to": "bis",
    "asked line": "die falsche Zeile",
    "asked result": "ihr richtiges Ergebnis",
    "formulas": "Formeln",
    "values": "Werte zum Nachschlagen",
    "about values": "Einige dieser Werte werden gebraucht.",
    "wires": "Schreibe über jede Leitung ihren Wert.",
    "wires with gradients": "Schreibe über jede Leitung ihren Wert und unter sie ihren Gradienten.",
    "curves": "Kurven",
    "state begins": "{letter} beginnt für jeden Parameter bei {value}.",
    "answers to": "Ergebnisse: {title}",
    "quantity": "Größe",
    "answer": "Lösung",
    "accepted from": "richtig von",
    # the picture
    "inputs": "Eingaben",
    "input": "Eingabe",
    "unit": "Einheit",
    "picture": "Ein {sizes}-Netz ({kinds}) mit seinen Gewichten und Biaswerten",
    "picture of blocks": "Ein Netz mit einem Kasten für jede Schicht ({kinds}), von den Eingaben zu den Ausgaben",
    "sum of branches": "Summe",
    "way drawn thick": "die Wege von {key} zum Verlust sind dick gezeichnet",
    "above and below": "über einer Einheit ihr Wert, unter ihr ihr Bias",
    "slanted": "schräg: der Gradient des Verlusts nach der Zahl darüber",
    "slanted minus": "schräg: minus der Gradient des Verlusts nach der Zahl darüber",
    "plot of an activation": "Die Kurve einer Aktivierung ({kind}), der ausgerechnete Punkt und die Tangente dort",
    "plot of a step": "Der Verlust entlang des Schritts, mit den Punkten davor und danach",
    "part of the step": "Anteil des Schritts",
    "before the step": "davor",
    "after the step": "danach",
    "circuit": "Ein Schaltbild mit {gates} {gates:Gatter|Gattern}, über jeder Leitung ihr Wert",
    "circuit with gradients": (
        "Ein Schaltbild mit {gates} {gates:Gatter|Gattern}, über jeder Leitung ihr Wert und unter ihr der Gradient"
    ),
    # the last sentence
    "prediction": "{prediction}.",
    "prediction after": "Nach dem Schritt: {prediction}.",
    "prediction after updates": "Nach {updates} Schritten: {prediction}.",
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
    "loss falls over updates": "{before} vor den Schritten, {after} danach: Der Verlust sinkt.",
    "loss rises": "{before} vor dem Schritt, {after} danach: Der Verlust steigt.",
    "loss rises over updates": "{before} vor den Schritten, {after} danach: Der Verlust steigt.",
    "loss stays": "{before} vor dem Schritt, {after} danach: Der Verlust bleibt gleich.",
    "loss stays over updates": "{before} vor den Schritten, {after} danach: Der Verlust bleibt gleich.",
    # formulas read out
    "spoken +": "plus",
    "spoken −": "minus",
    "spoken ·": "mal",
    "spoken ×": "mal",
    "spoken ⊙": "eintragsweise mal",
    "spoken =": "gleich",
    "spoken ≈": "ungefähr gleich",
    "spoken >": "größer als",
    "spoken ≥": "größer oder gleich",
    "spoken <": "kleiner als",
    "spoken ≤": "kleiner oder gleich",
    "spoken ,": ",",
    "spoken ;": ";",
    "spoken (": "Klammer auf",
    "spoken )": "Klammer zu",
    "spoken [": "eckige Klammer auf",
    "spoken ]": "eckige Klammer zu",
    "spoken {": "geschweifte Klammer auf",
    "spoken }": "geschweifte Klammer zu",
    "spoken |": "Betragsstrich",
    "spoken ⟨": "spitze Klammer auf",
    "spoken ⟩": "spitze Klammer zu",
    "spoken and so on": "und so weiter",
    "spoken blank": "Lücke",
    "spoken tick box": "Kästchen zum Ankreuzen",
    "spoken ticked box": "angekreuztes Kästchen",
    "spoken which": "{said}; Lücke {number} von {count}",
    "spoken ln": "natürlicher Logarithmus von",
    "spoken log": "Logarithmus von",
    "spoken max": "Maximum von",
    "spoken min": "Minimum von",
    "spoken tanh": "Tangens hyperbolicus von",
    "spoken partial": "d partiell",
    "spoken nabla": "Nabla",
    "spoken infinity": "unendlich",
    "spoken ell": "l",
    "spoken sum": "Summe",
    "spoken prime": "Strich",
    "spoken capital": "groß {letter}",
    "spoken hat": "Dach",
    "spoken bar": "quer",
    "spoken tilde": "Tilde",
    "spoken dot": "Punkt",
    "spoken vec": "Vektor",
    "spoken sub": "Index {index}",
    "spoken long sub": "Index {index} Ende Index",
    "spoken layer": "der Schicht {number}",
    "spoken sample": "des Beispiels {number}",
    "spoken updates": "nach {number} Schritten",
    "spoken at": "bei {what}",
    "spoken transposed": "transponiert",
    "spoken squared": "zum Quadrat",
    "spoken power": "hoch {power} Ende Exponent",
    "spoken fraction": "Bruch {top} durch {bottom} Ende Bruch",
    "spoken derivative": "partielle Ableitung von {of} nach {wrt}",
    "spoken root": "Wurzel aus {inner} Ende Wurzel",
    "spoken matrix": (
        "Matrix mit {rows} {rows:Zeile|Zeilen} und {columns} {columns:Spalte|Spalten}: {cells}; Ende Matrix"
    ),
    "spoken row": "Zeile {number}: {cells}",
    "spoken cases": "Fälle: {cells}; Ende Fälle",
    # the overview of a pack
    "overview of": "Überblick: {title}",
    "pack numbers": "Zahlen",
    "pack final answers": "Letzte Ergebnisse",
    "pack group": "Gruppe",
    "pack code": "Variante",
    "pack files": "Dateien",
    "pack sheet": "Blatt",
    "pack key": "Lösung",
    "pack answers": "Ergebnisse",
    "pack gates": "Was von den versuchten Zahlen verworfen wurde, und warum",
    "gate rejects": "{gate} verwirft {share} (verlangt: {tell})",
    "gate rejects most at": "{gate} verwirft {share} (verlangt: {tell}), am häufigsten bei {places}",
    "in question": "in Aufgabe {number}{name}: {said}",
    "no asked line": "keiner gefragten Zeile",
    "pack mistakes unseen": "Fehler, die sich in einer Zeile bei keinen Zahlen zeigen können",
    "pack dealt": "{count} {count:Blatt|Blätter} aus {file}, Startwert {seed}; alle haben eigene Zahlen.",
    "pack dealt the same": "{count} {count:Blatt|Blätter} aus {file}, Startwert {seed}; alle haben dieselben Zahlen.",
    "pack dealt in versions": (
        "{count} {count:Blatt|Blätter} aus {file}, Startwert {seed}, in {versions} Fassungen reihum."
    ),
    "pack marks": "{marks} {marks:Punkt|Punkte} auf je {pages} {pages:Seite|Seiten}.",
    "pack boxes alike": "Was einzutragen ist, steht auf jedem Blatt an denselben Stellen.",
    "pack boxes unalike": "Was einzutragen ist, steht nicht auf jedem Blatt an denselben Stellen.",
    "pack checked": (
        "Jede Lösung wurde vor dem Druck auf {ways} {ways:andere Weise|andere Weisen} nachgerechnet; {lines} "
        "Ergebnisse stimmen überein."
    ),
    **MARKS,
    **PRACTISE,
    **FEEDBACK,
}

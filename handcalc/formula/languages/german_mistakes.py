"""What goes wrong in German, by the English sentence: each a main clause that follows a colon."""

from __future__ import annotations

MISTAKES = {
    # weighted sums
    "the bias is left out": "der Bias fehlt",
    "W is read by columns": "W wird spaltenweise gelesen",
    "the weight is missing in the chain": "das Gewicht fehlt in der Kette",
    "W is not transposed on the way back": "W wird auf dem Rückweg nicht transponiert",
    "rows and columns of the outer product are swapped": "Zeilen und Spalten des äußeren Produkts sind vertauscht",
    "another value than the weight's input is taken": "ein anderer Wert als die Eingabe des Gewichts wird genommen",
    "the bias stands where its slope, 1, belongs": "der Bias steht dort, wo seine Ableitung, 1, hingehört",
    # activations
    "a sigmoid is applied to a linear output": "auf eine lineare Ausgabe wird eine Sigmoidfunktion angewandt",
    "the activation is left out": "die Aktivierung fehlt",
    "the exponent has the wrong sign": "der Exponent hat das falsche Vorzeichen",
    "1/1 + e^−z is worked out instead": "stattdessen wird 1/1 + e^−z ausgerechnet",
    "the slope of the activation is left out": "die Ableitung der Aktivierung fehlt",
    "the slope is taken at a instead of z": "die Ableitung wird an der Stelle a statt z genommen",
    "z stands where a belongs": "z steht dort, wo a hingehört",
    "the slope of the sigmoid, a(1 − a), is used": "die Ableitung der Sigmoidfunktion, a(1 − a), wird genommen",
    "the square is missing in 1 − a²": "das Quadrat in 1 − a² fehlt",
    "the slope at 0 is that of the other side": "die Ableitung bei 0 ist die der anderen Seite",
    "the slope for negative sums is taken as 0": "die Ableitung für negative Summen wird als 0 genommen",
    "the powers are not divided by their total": "die Potenzen werden nicht durch ihre Gesamtsumme geteilt",
    "the sums are divided without raising e to them": "die Summen werden geteilt, ohne e mit ihnen zu potenzieren",
    "each output is a sigmoid of its own": "jede Ausgabe ist eine eigene Sigmoidfunktion",
    "only the diagonal of the softmax slopes is used": (
        "von den Ableitungen von Softmax wird nur die Diagonale benutzt"
    ),
    "z stands where p belongs in the softmax slopes": "in den Ableitungen von Softmax steht z, wo p hingehört",
    # chain rule
    "only one of the paths is followed": "nur einer der Wege wird verfolgt",
    "a path overwrites the others instead of being added": "ein Weg überschreibt die anderen, statt addiert zu werden",
    "the local slope is missing": "die lokale Ableitung fehlt",
    "the input stands where the slope e^x belongs": "die Eingabe steht dort, wo die Ableitung e^x hingehört",
    "the weights are updated before the slope goes back through them": (
        "die Gewichte werden aktualisiert, bevor die Ableitung durch sie zurückgeht"
    ),
    # losses
    "target and prediction are swapped": "Zielwert und Vorhersage sind vertauscht",
    "target and output are swapped": "Zielwert und Ausgabe sind vertauscht",
    "the slope has the wrong sign": "die Ableitung hat das falsche Vorzeichen",
    "the error is not squared": "der Fehler wird nicht quadriert",
    "the error is taken as y − p, and not squared": "der Fehler wird als y − p genommen und nicht quadriert",
    "the slope of the square keeps its factor 2": "die Ableitung des Quadrats behält ihren Faktor 2",
    "the half is kept in the slope": "die Hälfte bleibt in der Ableitung stehen",
    "the factor 2 of the square's slope is lost": "der Faktor 2 der Ableitung des Quadrats fehlt",
    "the mean's division is lost in the slope": "die Division des Mittelwerts fehlt in der Ableitung",
    "the error keeps its sign": "der Fehler behält sein Vorzeichen",
    "the target keeps its sign below the line": "der Zielwert behält sein Vorzeichen unter dem Bruchstrich",
    "a large error is squared, too": "auch ein großer Fehler wird quadriert",
    "the half of the square is lost": "die Hälfte des Quadrats fehlt",
    "both exponents have the same sign": "beide Exponenten haben das gleiche Vorzeichen",
    "the minus before the logarithm is lost": "das Minus vor dem Logarithmus fehlt",
    "the logarithm of the other class is taken": "der Logarithmus der anderen Klasse wird genommen",
    "the logarithm is taken where the target is 0, not where it is 1": (
        "der Logarithmus wird dort genommen, wo der Zielwert 0 ist, nicht wo er 1 ist"
    ),
    "the difference p − y is taken as the loss": "die Differenz p − y wird als Verlust genommen",
    "the difference y − p is taken as the loss": "die Differenz y − p wird als Verlust genommen",
    "the slope of the sigmoid is multiplied in once more": (
        "die Ableitung der Sigmoidfunktion wird noch einmal hineinmultipliziert"
    ),
    "the slope p(1 − p) is multiplied in once more": "die Ableitung p(1 − p) wird noch einmal hineinmultipliziert",
    "the logarithms of all classes are added": "die Logarithmen aller Klassen werden addiert",
    "the logarithms of all outputs are added": "die Logarithmen aller Ausgaben werden addiert",
    "binary cross-entropy is summed over the softmax outputs": (
        "die binäre Kreuzentropie wird über die Ausgaben von Softmax summiert"
    ),
    "p and y are swapped in the quotient": "p und y sind im Quotienten vertauscht",
    "the logarithm to base 2 is taken": "der Logarithmus zur Basis 2 wird genommen",
    "the logarithm to base 10 is taken": "der Logarithmus zur Basis 10 wird genommen",
    "the natural logarithm is taken": "der natürliche Logarithmus wird genommen",
    "the logarithms are added without their probabilities": (
        "die Logarithmen werden ohne ihre Wahrscheinlichkeiten addiert"
    ),
    "a score beyond its margin gets a slope, too": "auch ein Wert jenseits seines Abstands bekommt eine Ableitung",
    "what the score lacks is not squared": "was dem Wert fehlt, wird nicht quadriert",
    "only one term is counted for the right class": "für die richtige Klasse wird nur ein Summand gezählt",
    "the slope of the right class has the wrong sign": (
        "die Ableitung der richtigen Klasse hat das falsche Vorzeichen"
    ),
    "right and wrong score are swapped": "richtiger und falscher Wert sind vertauscht",
    "the target itself is taken as the error": "der Zielwert selbst wird als Fehler genommen",
    "the losses of the samples are added, without the mean": (
        "die Verluste der Beispiele werden addiert, ohne den Mittelwert zu nehmen"
    ),
    "the mean over the samples is taken twice": "der Mittelwert über die Beispiele wird zweimal genommen",
    "the weights are not squared": "die Gewichte werden nicht quadriert",
    "the sign of the weight is lost in the slope": "das Vorzeichen des Gewichts fehlt in der Ableitung",
    "the weights keep their signs in the penalty": "die Gewichte behalten in der Strafe ihre Vorzeichen",
    # updates
    "the step has the wrong sign": "der Schritt hat das falsche Vorzeichen",
    "the learning rate is left out": "die Lernrate fehlt",
    "the old weight is left out": "das alte Gewicht fehlt",
    "the gradient enters the velocity with the wrong sign": (
        "der Gradient geht mit dem falschen Vorzeichen in die Geschwindigkeit ein"
    ),
    "the velocity before this update is forgotten": "die Geschwindigkeit vor diesem Schritt wird vergessen",
    "the parameter moves as in plain momentum": "der Parameter bewegt sich wie beim einfachen Momentum",
    "the gradient is not squared": "der Gradient wird nicht quadriert",
    "the root is left out": "die Wurzel fehlt",
    "what was gathered before this update is forgotten": "was vor diesem Schritt gesammelt wurde, wird vergessen",
    "the moments are not corrected for their start at 0": "die Momente werden nicht um ihren Beginn bei 0 korrigiert",
    "the updates are counted from 0": "die Schritte werden ab 0 gezählt",
    "the second moment is corrected with β₁": "das zweite Moment wird mit β₁ korrigiert",
    "each moment before this update is forgotten": "jedes Moment vor diesem Schritt wird vergessen",
    "the second moment itself is taken, as in plain Adam": (
        "das zweite Moment selbst wird genommen, wie beim einfachen Adam"
    ),
    "the weight decay is not multiplied by the learning rate": (
        "die Gewichtsabnahme wird nicht mit der Lernrate multipliziert"
    ),
    "the weight does not shrink, as in plain Adam": "das Gewicht schrumpft nicht, wie beim einfachen Adam",
    "the sign of the gradient is kept": "das Vorzeichen des Gradienten bleibt erhalten",
    "the first moment is corrected as in plain Adam": "das erste Moment wird wie beim einfachen Adam korrigiert",
    "the parameters from before the update are taken": "die Parameter von vor dem Schritt werden genommen",
}

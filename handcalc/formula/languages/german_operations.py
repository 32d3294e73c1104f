"""What operations say in German, by their name and kind of sentence."""

from __future__ import annotations

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
        "option temperature": "Temperatur",
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
        "option weight decay": "Gewichtsabnahme",
    },
    "hard sigmoid": {
        "title": "harte Sigmoidfunktion",
        "tell": "Die harte Sigmoidfunktion ist eine Gerade durch 1/2, bei 0 und bei 1 abgeschnitten.",
        "gradient_tell": "Die Ableitung ist die Steigung der Geraden, und 0, wo sie abgeschnitten ist.",
    },
    "step": {
        "title": "Stufenfunktion",
        "tell": (
            "Eine Einheit feuert oder sie feuert nicht: Die Stufenfunktion gibt den größeren Wert aus, wo die Summe "
            "ihre Schwelle 0 erreicht."
        ),
        "gradient_tell": "Die Stufe ist flach: Ihre Ableitung ist 0, und kein Gradient kommt hindurch.",
    },
    "leaky relu": {
        "title": "Leaky ReLU",
        "tell": "Leaky ReLU behält, was positiv ist, und multipliziert alles andere mit einer kleinen Zahl.",
        "gradient_tell": "Die Ableitung von Leaky ReLU ist 1, wo z > 0 ist, sonst α.",
        "option alpha": "Steigung für negative Summen",
    },
    "elu": {
        "title": "ELU",
        "tell": "ELU behält, was positiv ist; unter 0 nähert es sich dem Wert −α.",
        "gradient_tell": "Die Ableitung von ELU ist 1, wo z > 0 ist, sonst a + α.",
        "option alpha": "Tiefe für negative Summen",
    },
    "softplus": {
        "title": "Softplus",
        "tell": "Softplus ist eine glatte Form von ReLU.",
        "gradient_tell": "Die Ableitung von Softplus ist die Sigmoidfunktion.",
    },
    "silu": {
        "title": "SiLU",
        "tell": "SiLU multipliziert jede Summe mit ihrer Sigmoidfunktion.",
        "gradient_tell": "Die Ableitung von SiLU ist a + σ(z)(1 − a).",
    },
    "gelu": {
        "title": "GELU",
        "tell": "GELU multipliziert jede Summe mit dem Anteil einer Normalverteilung, der unter ihr liegt.",
        "gradient_tell": (
            "Die Ableitung von GELU folgt aus der Produktregel: dieser Anteil, plus die Summe mal die Ableitung des "
            "Anteils."
        ),
    },
    "add": {
        "title": "Addition",
        "tell": "Die Zweige werden addiert, Einheit für Einheit.",
        "gradient_tell": "Eine Addition gibt die Ableitung unverändert an jeden Zweig weiter.",
    },
    "objective": {
        "title": "Gesamtverlust",
        "tell": "Die Verluste der Beispiele werden zusammengefasst.",
        "gradient_tell": "Die Ableitung eines Mittelwerts ist 1/m für jeden seiner Summanden.",
    },
    "absolute error": {
        "title": "absoluter Fehler",
        "tell": "Die Summe der absoluten Fehler.",
        "gradient_tell": "Die Ableitung eines absoluten Fehlers ist sein Vorzeichen.",
    },
    "mean absolute error": {
        "title": "mittlerer absoluter Fehler",
        "tell": "Der Mittelwert der absoluten Fehler über die Ausgaben.",
        "gradient_tell": (
            "Die Ableitung eines absoluten Fehlers ist sein Vorzeichen; wegen des Mittelwerts wird durch die Zahl der "
            "Ausgaben geteilt."
        ),
    },
    "mean absolute percentage error": {
        "title": "mittlerer absoluter prozentualer Fehler",
        "tell": "Jeder absolute Fehler in Prozent seines Zielwerts, und davon der Mittelwert über die Ausgaben.",
        "gradient_tell": (
            "Die Ableitung eines absoluten Fehlers ist sein Vorzeichen, hier mal 100 durch den Betrag des Zielwerts."
        ),
    },
    "huber": {
        "title": "Huber-Verlust",
        "tell": "Die Hälfte des Quadrats eines kleinen Fehlers; ein großer Fehler zählt entlang einer Geraden.",
        "gradient_tell": (
            "Die Ableitung ist der Fehler selbst, solange er klein ist; dann bleibt sie so groß, mit dem Vorzeichen "
            "des Fehlers."
        ),
        "option delta": "größter Fehler, der quadriert wird",
    },
    "log cosh": {
        "title": "Log-Cosh",
        "tell": (
            "Der Logarithmus des Cosinus hyperbolicus jedes Fehlers: fast die Hälfte seines Quadrats, solange er klein "
            "ist."
        ),
        "gradient_tell": "Die Ableitung von ln cosh ist der Tangens hyperbolicus.",
    },
    "binary cross-entropy from logits": {
        "title": "binäre Kreuzentropie aus Logits",
        "tell": (
            "Eine Sigmoidfunktion macht aus jedem Logit eine Wahrscheinlichkeit; dann minus der Logarithmus dessen, was"
            " wirklich eingetreten ist."
        ),
        "gradient_tell": "Die Ableitung der binären Kreuzentropie ist (p − y) / (p(1 − p)).",
        "quoted_tell": (
            "Sigmoid und binäre Kreuzentropie haben zusammen die Ableitung p − y: Alles andere kürzt sich weg."
        ),
    },
    "binary focal cross-entropy": {
        "title": "binärer fokaler Verlust",
        "tell": "Kreuzentropie, in der wenig zählt, was schon fast richtig ist.",
        "gradient_tell": "Die Produktregel: die Ableitung des Logarithmus und die Ableitung der Potenz davor.",
        "option alpha": "Gewicht",
    },
    "categorical focal cross-entropy": {
        "title": "fokaler Verlust",
        "tell": "Kreuzentropie, in der wenig zählt, was schon fast richtig ist.",
        "gradient_tell": "Die Produktregel: die Ableitung des Logarithmus und die Ableitung der Potenz davor.",
        "option alpha": "Gewicht",
    },
    "cross-entropy from logits": {
        "title": "Kreuzentropie aus Logits",
        "tell": (
            "Softmax macht aus den Logits Wahrscheinlichkeiten; dann minus der Logarithmus der Wahrscheinlichkeit der "
            "richtigen Klasse."
        ),
        "gradient_tell": "Die Ableitung von −y ln p ist −y/p.",
        "quoted_tell": "Softmax und Kreuzentropie haben zusammen die Ableitung p − y: Alles andere kürzt sich weg.",
    },
    "kl divergence": {
        "title": "Kullback-Leibler-Divergenz",
        "tell": "Um wie viel ein Code für p Nachrichten verlängert, die so verteilt sind, wie y sagt.",
        "gradient_tell": "Die Ableitung von y ln(y/p) ist −y/p.",
        "quoted_tell": (
            "Softmax und Kullback-Leibler-Divergenz haben zusammen die Ableitung p − y: Alles andere kürzt sich weg."
        ),
    },
    "entropy": {
        "title": "Entropie",
        "tell": "Jede Wahrscheinlichkeit mal ihr Logarithmus, aufsummiert, mit einem Minus davor.",
        "gradient_tell": "Die Produktregel: der Logarithmus selbst, und p mal dessen Ableitung, eine Konstante.",
    },
    "hinge": {
        "title": "Hinge-Verlust",
        "tell": (
            "Ein Wert auf der richtigen Seite seines Abstands kostet nichts; sonst ist der Verlust das, was ihm fehlt."
        ),
        "gradient_tell": "Die Ableitung ist −y, wo dem Wert etwas fehlt, sonst 0.",
        "option margin": "Abstand",
    },
    "squared hinge": {
        "title": "quadrierter Hinge-Verlust",
        "tell": (
            "Ein Wert auf der richtigen Seite seines Abstands kostet nichts; sonst ist der Verlust das Quadrat dessen, "
            "was ihm fehlt."
        ),
        "gradient_tell": "Aus dem Quadrat wird ein Faktor 2; die Ableitung dessen, was dem Wert fehlt, ist −y.",
        "option margin": "Abstand",
    },
    "multi class hinge": {
        "title": "Hinge-Verlust über mehrere Klassen",
        "tell": (
            "Jede falsche Klasse kostet, um was ihr Wert dem Wert der richtigen Klasse näher kommt als der Abstand."
        ),
        "gradient_tell": (
            "Jeder Summand, der nicht 0 ist, hat die Ableitung 1 nach seinem eigenen Wert und −1 nach dem Wert der "
            "richtigen Klasse."
        ),
        "option margin": "Abstand",
    },
    "perceptron": {
        "title": "Perzeptronfehler",
        "tell": "Der Fehler des Perzeptrons: wie weit die Ausgaben von ihren Zielwerten weg sind.",
        "gradient_tell": "Die Ableitung eines absoluten Fehlers ist sein Vorzeichen.",
        "quoted_tell": (
            "Die Perzeptronregel nimmt als Ableitung Ausgabe minus Zielwert: Eine richtige Antwort ändert nichts."
        ),
    },
    "momentum": {
        "title": "Momentum",
        "tell": (
            "Die Geschwindigkeit behält einen Anteil von dem, was sie war, und bekommt einen Stoß vom Gradienten; der "
            "Parameter bewegt sich mit ihr."
        ),
        "option momentum": "Anteil der alten Geschwindigkeit",
        "option weight decay": "Gewichtsabnahme",
    },
    "nesterov": {
        "title": "Nesterov-Momentum",
        "tell": (
            "Wie beim Momentum, aber der Parameter geht weiter bis dorthin, wohin ihn die neue Geschwindigkeit tragen "
            "wird."
        ),
        "option momentum": "Anteil der alten Geschwindigkeit",
        "option weight decay": "Gewichtsabnahme",
    },
    "adagrad": {
        "title": "AdaGrad",
        "tell": (
            "Das Quadrat des Gradienten zu allen früheren addieren; den Schritt durch die Wurzel dieser Summe teilen."
        ),
        "option epsilon": "kleine Zahl, die den Nenner von 0 fernhält",
        "option weight decay": "Gewichtsabnahme",
    },
    "rmsprop": {
        "title": "RMSProp",
        "tell": "Ein laufendes Mittel der quadrierten Gradienten führen; den Schritt durch seine Wurzel teilen.",
        "option rho": "Anteil des alten Mittels",
        "option epsilon": "kleine Zahl, die den Nenner von 0 fernhält",
        "option weight decay": "Gewichtsabnahme",
    },
    "adadelta": {
        "title": "Adadelta",
        "tell": (
            "Der Schritt ist der Gradient mal die Wurzel des mittleren quadrierten Schritts durch die Wurzel des "
            "mittleren quadrierten Gradienten."
        ),
        "option rho": "Anteil des alten Mittels",
        "option epsilon": "kleine Zahl, die den Nenner von 0 fernhält",
        "option weight decay": "Gewichtsabnahme",
    },
    "adam": {
        "title": "Adam",
        "tell": "Ein laufendes Mittel der Gradienten durch die Wurzel eines laufenden Mittels ihrer Quadrate teilen.",
        "option beta1": "Anteil des alten ersten Moments",
        "option beta2": "Anteil des alten zweiten Moments",
        "option epsilon": "kleine Zahl, die den Nenner von 0 fernhält",
        "option weight decay": "Gewichtsabnahme",
    },
    "amsgrad": {
        "title": "AMSGrad",
        "tell": "Wie Adam, aber das zweite Moment schrumpft nie: Sein bisher größter Wert wird genommen.",
        "option beta1": "Anteil des alten ersten Moments",
        "option beta2": "Anteil des alten zweiten Moments",
        "option epsilon": "kleine Zahl, die den Nenner von 0 fernhält",
        "option weight decay": "Gewichtsabnahme",
    },
    "adamw": {
        "title": "AdamW",
        "tell": (
            "Wie Adam, aber das Gewicht schrumpft zuerst um Lernrate mal Gewichtsabnahme; der Gradient weiß davon "
            "nichts."
        ),
        "option beta1": "Anteil des alten ersten Moments",
        "option beta2": "Anteil des alten zweiten Moments",
        "option epsilon": "kleine Zahl, die den Nenner von 0 fernhält",
        "option weight decay": "Gewichtsabnahme",
    },
    "adamax": {
        "title": "AdaMax",
        "tell": (
            "Wie Adam, aber geteilt durch den größten Gradienten der letzten Zeit statt durch die Wurzel mittlerer "
            "Quadrate."
        ),
        "option beta1": "Anteil des alten ersten Moments",
        "option beta2": "Anteil des alten zweiten Moments",
        "option weight decay": "Gewichtsabnahme",
    },
    "nadam": {
        "title": "Nadam",
        "tell": "Wie Adam, aber das erste Moment blickt einen Schritt voraus.",
        "option beta1": "Anteil des alten ersten Moments",
        "option beta2": "Anteil des alten zweiten Moments",
        "option epsilon": "kleine Zahl, die den Nenner von 0 fernhält",
        "option weight decay": "Gewichtsabnahme",
    },
    "l2": {
        "title": "L2-Strafe",
        "tell": "λ mal die Summe der quadrierten Gewichte.",
        "gradient_tell": "Aus dem Quadrat wird ein Faktor 2: Die Strafe addiert 2λw zur Ableitung nach jedem Gewicht.",
        "option rate": "Gewicht der Strafe",
    },
    "half l2": {
        "title": "halbe L2-Strafe",
        "tell": "Die Hälfte von λ mal die Summe der quadrierten Gewichte.",
        "gradient_tell": (
            "Die 2 des Quadrats kürzt sich mit der Hälfte: Die Strafe addiert λw zur Ableitung nach jedem Gewicht."
        ),
        "option rate": "Gewicht der Strafe",
    },
    "penalty per sample": {
        "title": "Strafe je Beispiel",
        "tell": "Die Strafe der Ausgaben, geteilt durch die Zahl der Beispiele.",
        "gradient_tell": "Die Ableitung der Strafe, geteilt durch die Zahl der Beispiele.",
    },
    "l1": {
        "title": "L1-Strafe",
        "tell": "λ mal die Summe der Beträge der Gewichte.",
        "gradient_tell": "Die Strafe addiert λ mit dem Vorzeichen des Gewichts zur Ableitung nach jedem Gewicht.",
        "option rate": "Gewicht der Strafe",
    },
    "divide by": {
        "title": "Division durch eine Zahl",
        "tell": "Durch eine feste Zahl teilen.",
    },
    "min max": {
        "title": "Min-Max-Skalierung",
        "tell": "Wie weit der Wert auf dem Weg vom kleinsten zum größten ist.",
        "option min": "kleinster Wert",
        "option max": "größter Wert",
    },
    "mean and deviation": {
        "title": "Mittelwert und Standardabweichung",
        "tell": (
            "Der Mittelwert; der mittlere quadrierte Abstand davon, die Varianz; deren Wurzel, die Standardabweichung."
        ),
        "gradient_tell": "Die Ableitung folgt aus den Rechenregeln.",
    },
    "standardise": {
        "title": "Standardisierung",
        "tell": "Den Mittelwert abziehen, durch die Standardabweichung teilen.",
        "option mean": "Mittelwert",
        "option deviation": "Standardabweichung",
    },
    "unscaling": {
        "title": "Umkehrung der Skalierung",
        "tell": "Die Skalierung umkehren, um das Ergebnis in seiner eigenen Einheit abzulesen.",
        "gradient_tell": "Die Ableitung ist der Faktor, der die Skalierung umkehrt.",
    },
    "expression": {
        "title": "Ausdruck",
        "tell": "Die Zahlen einsetzen und den Ausdruck ausrechnen.",
        "gradient_tell": "Die Ableitung des Ausdrucks nach den Ableitungsregeln.",
    },
    "plus gate": {
        "title": "Plus-Gatter",
        "tell": "Ein Plus-Gatter addiert seine beiden Eingaben.",
        "gradient_tell": "Ein Plus-Gatter gibt den Gradienten unverändert an jede seiner Eingaben weiter.",
    },
    "minus gate": {
        "title": "Minus-Gatter",
        "tell": "Ein Minus-Gatter zieht seine zweite Eingabe von der ersten ab.",
        "gradient_tell": (
            "Ein Minus-Gatter gibt den Gradienten weiter: an seine erste Eingabe unverändert, an die zweite mit "
            "umgekehrtem Vorzeichen."
        ),
    },
    "times gate": {
        "title": "Mal-Gatter",
        "tell": "Ein Mal-Gatter multipliziert seine beiden Eingaben.",
        "gradient_tell": "Ein Mal-Gatter vertauscht: Jede Eingabe bekommt den Gradienten mal die andere Eingabe.",
    },
    "divide gate": {
        "title": "Geteilt-Gatter",
        "tell": "Ein Geteilt-Gatter teilt seine erste Eingabe durch die zweite.",
        "gradient_tell": "Die Ableitung von a/b ist 1/b nach dem Zähler und −a/b² nach dem Nenner.",
    },
    "reciprocal gate": {
        "title": "Kehrwert-Gatter",
        "tell": "Ein Kehrwert-Gatter teilt 1 durch seine Eingabe.",
        "gradient_tell": "Die Ableitung von 1/x ist −1/x².",
    },
    "negate gate": {
        "title": "Vorzeichen-Gatter",
        "tell": "Ein Vorzeichen-Gatter kehrt das Vorzeichen seiner Eingabe um.",
        "gradient_tell": "Ein Vorzeichen-Gatter kehrt das Vorzeichen des Gradienten um.",
    },
    "power gate": {
        "title": "Potenz-Gatter",
        "tell": "Ein Potenz-Gatter multipliziert seine Eingabe mit sich selbst.",
        "gradient_tell": (
            "Der Exponent kommt als Faktor nach vorn und wird um eins kleiner: Die Ableitung von xⁿ ist n·xⁿ⁻¹."
        ),
    },
    "any power gate": {
        "title": "Gatter für jede Potenz",
        "tell": "Dieses Gatter potenziert seine erste Eingabe mit der zweiten.",
        "gradient_tell": "Die Ableitung von a^b ist b·a^(b−1) nach der Basis und a^b·ln a nach dem Exponenten.",
    },
    "exp gate": {
        "title": "e-Gatter",
        "tell": "Ein e-Gatter potenziert e mit seiner Eingabe.",
        "gradient_tell": "Die Ableitung von e^x ist e^x, die Ausgabe des Gatters selbst.",
    },
    "ln gate": {
        "title": "ln-Gatter",
        "tell": "Ein ln-Gatter nimmt den natürlichen Logarithmus.",
        "gradient_tell": "Die Ableitung von ln x ist 1/x.",
    },
    "log gate": {
        "title": "log-Gatter",
        "tell": "Ein log-Gatter nimmt den Logarithmus zu seiner Basis.",
        "gradient_tell": "Die Ableitung eines Logarithmus zur Basis b ist 1/(x ln b).",
    },
    "max gate": {
        "title": "Max-Gatter",
        "tell": "Ein Max-Gatter lässt die größere seiner Eingaben durch.",
        "gradient_tell": "Ein Max-Gatter leitet den Gradienten an seine größere Eingabe; die andere bekommt 0.",
    },
    "absolute gate": {
        "title": "Betrags-Gatter",
        "tell": "Ein Betrags-Gatter lässt das Vorzeichen weg.",
        "gradient_tell": (
            "Die Ableitung von |x| ist 1, wo x > 0 ist, −1, wo x < 0 ist, und bei 0 wird sie als 0 genommen."
        ),
    },
    "root gate": {
        "title": "Wurzel-Gatter",
        "tell": "Ein Wurzel-Gatter zieht die Quadratwurzel.",
        "gradient_tell": "Die Ableitung einer Quadratwurzel ist 1 durch das Doppelte der Wurzel.",
    },
}

OTHERS = {
    "The mean of the absolute errors over the outputs.": "Der Mittelwert der absoluten Fehler über die Ausgaben.",
    "Sigmoid and binary cross-entropy together have the slope p − y: everything else cancels.": (
        "Sigmoid und binäre Kreuzentropie haben zusammen die Ableitung p − y: Alles andere kürzt sich weg."
    ),
    "Sigmoid and binary cross-entropy together have the slope p − y times a constant: the rest cancels.": (
        "Sigmoid und binäre Kreuzentropie haben zusammen die Ableitung p − y mal eine Konstante: Der Rest kürzt sich "
        "weg."
    ),
    "The slope of binary cross-entropy is (p − y) / (p(1 − p)), over the base's logarithm.": (
        "Die Ableitung der binären Kreuzentropie ist (p − y) / (p(1 − p)), geteilt durch den Logarithmus der Basis."
    ),
    "Softmax and cross-entropy together have the slope p − y: everything else cancels.": (
        "Softmax und Kreuzentropie haben zusammen die Ableitung p − y: Alles andere kürzt sich weg."
    ),
    "Together with softmax the slope is p − y times a constant: the rest cancels.": (
        "Zusammen mit Softmax ist die Ableitung p − y mal eine Konstante: Der Rest kürzt sich weg."
    ),
    "The slope of a logarithm to base 2 has ln 2 below the line.": (
        "Die Ableitung eines Logarithmus zur Basis 2 hat ln 2 im Nenner."
    ),
    "The slope of a logarithm to base 10 has ln 10 below the line.": (
        "Die Ableitung eines Logarithmus zur Basis 10 hat ln 10 im Nenner."
    ),
    "Half the mean of the squared errors.": "Die Hälfte des Mittelwerts der quadrierten Fehler.",
    "The slope of ReLU is 1 where z ≥ 0, else 0.": "Die Ableitung von ReLU ist 1, wo z ≥ 0 ist, sonst 0.",
    "By convention the slope of the step is taken as 1: the gradient passes unchanged.": (
        "Nach Vereinbarung wird die Ableitung der Stufe als 1 genommen: Der Gradient geht unverändert hindurch."
    ),
    "Raise the base to each sum, add the powers up, divide each power by that total.": (
        "Die Basis mit jeder Summe potenzieren, die Potenzen addieren, jede Potenz durch diese Gesamtsumme teilen."
    ),
    (
        "Divide each sum by the temperature, raise e to each quotient, add the powers up, divide each power by that "
        "total."
    ): (
        "Jede Summe durch die Temperatur teilen, e mit jedem Quotienten potenzieren, die Potenzen addieren, jede Potenz"
        " durch diese Gesamtsumme teilen."
    ),
    (
        "Divide each sum by the temperature, raise the base to each quotient, add the powers up, divide each power by "
        "that total."
    ): (
        "Jede Summe durch die Temperatur teilen, die Basis mit jedem Quotienten potenzieren, die Potenzen addieren, "
        "jede Potenz durch diese Gesamtsumme teilen."
    ),
    "The slopes of softmax, p(1 − p) and −p·p, are multiplied by the logarithm of the base.": (
        "Die Ableitungen von Softmax, p(1 − p) und −p·p, werden mit dem Logarithmus der Basis multipliziert."
    ),
    "The slopes of softmax, p(1 − p) and −p·p, are divided by the temperature.": (
        "Die Ableitungen von Softmax, p(1 − p) und −p·p, werden durch die Temperatur geteilt."
    ),
    (
        "The slopes of softmax, p(1 − p) and −p·p, are multiplied by the logarithm of the base and divided by the "
        "temperature."
    ): (
        "Die Ableitungen von Softmax, p(1 − p) und −p·p, werden mit dem Logarithmus der Basis multipliziert und durch "
        "die Temperatur geteilt."
    ),
}
"""What operations say where an option asks for another sentence than usual, by the English sentence."""

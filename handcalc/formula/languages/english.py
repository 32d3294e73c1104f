"""The sentences of a sheet in English, by name. What operations say stands in their classes."""

from __future__ import annotations

from handcalc.formula.languages.english_feedback import FEEDBACK
from handcalc.formula.languages.english_marks import MARKS
from handcalc.formula.languages.english_practise import PRACTISE

SENTENCES = {
    # marks
    "if": "if",
    "otherwise": "otherwise",
    "page": "page {page} of {pages}",
    # the head of a sheet
    "sheet name": "Name",
    "sheet ID": "ID",
    "sheet variant": "Variant {variant}",
    # headings
    "untitled": "A network by hand",
    "given": "Given",
    "known from before": "Known from before",
    "scaling": "Scaling the inputs",
    "forward": "Forward pass",
    "output": "Back to the units of the problem",
    "loss": "Loss",
    "gradients": "Backward pass",
    "update": "Update",
    "rerun": "Run again with the new parameters",
    "result": "Result",
    "updates": "updates",
    "epochs": "epochs",
    "sum of the losses": "sum of the losses",
    "the loss": "loss",
    "plot of the loss": "The loss over the updates",
    "plot of an output": "{output} over the updates",
    "table of updates": "Before the first update, and after so many updates:",
    "table of epochs": "The sum of the losses of each epoch, each measured before its update:",
    "samples table": "sample",
    "heading of update": "Update {update}: {heading:lower}",
    "heading of online update": "Update {update}, sample {sample}: {heading:lower}",
    "heading of sample": "{heading}, sample {sample}",
    "heading of layer": "{heading}, layer {layer} ({activation})",
    "heading of loss": "{heading}, loss",
    # givens
    "target": "target",
    "target named": "target {name}",
    "learning rate": "learning rate",
    "counter": "number of the update",
    "sample weight": "weight of the sample",
    # conventions
    "indices to, from": (
        "Of the two indices of a weight the first says to which unit it leads, the second from which one: "
        "{weight} leads to unit {to}, from {source} {start}."
    ),
    "indices from, to": (
        "Of the two indices of a weight the first says from which unit it comes, the second to which one it leads: "
        "{weight} comes from {source} {start}, and leads to unit {to}."
    ),
    "layer at the letter": "The number at the letter itself is the layer.",
    "numbered plain": (
        "Weights, biases, weighted sums and hidden units are each numbered throughout, layer by layer: the weights run "
        "from {first} to {last}, those that lead to one unit one after another."
    ),
    "numbered throughout": (
        "All units are numbered in one count, the inputs first. Of the two indices of a weight the first says from "
        "which unit it leads, the second to which one; everything else has the number of its unit."
    ),
    "delta": "{delta} is the slope of the loss with respect to the weighted sum {sum}.",
    "minus delta": "{delta} is minus the slope of the loss with respect to the weighted sum {sum}.",
    "minus gradients": (
        "Errors are taken as target minus output, so that the backward pass works out minus the slopes, such as "
        "{slope}; the update adds them."
    ),
    "letters": (
        "{letters} {count:stands for any number|stand for any numbers}. A line that depends on {count:it|them} ends "
        "with an expression. Short sums are put into later lines; other results keep their names there."
    ),
    "log": "log is the natural logarithm.",
    "decimals": "{places} {places:decimal|decimals}",
    "figures": "{places} significant {places:figure|figures}",
    "rounded": "rounded half up to {places}, a half away from 0",
    "cut": "cut off after {places}, not rounded",
    "carried exactly, rounded": "Carried exactly; results are {done}.",
    "carried exactly, cut": "Carried exactly; results are {done}.",
    "digits, rounded": (
        "A number with an ellipsis shows the first digits of the exact number, as many as the lines that use it need: "
        "with the digits printed, each line gives its rounded result."
    ),
    "digits, cut": (
        "A number with an ellipsis shows the first digits of the exact number, as many as the lines that use it need: "
        "with the digits printed, each line gives its cut result."
    ),
    "carried rounded, rounded": "Every result is {done}, and the rounded number is used from then on.",
    "carried rounded, cut": "Every result is {done}, and the cut number is used from then on.",
    "own places": "Other than that, {places}.",
    "own place": "{name} has {places}",
    "powers of ten": (
        "Where zeros would only fill places, and where many would, a number is written with a power of ten: all its "
        "digits are significant."
    ),
    "kept figures, rounded decimals": (
        "A result that isn't 0 but would round to 0, a probability that would round to 0 or 1, or a total that would "
        "round to one of its terms, keeps {kept} of its distance from it."
    ),
    "kept figures, cut decimals": (
        "A result that isn't 0 but would be cut to 0, or a total that would be cut to one of its terms, keeps {kept} "
        "of its distance from it."
    ),
    "kept figures, rounded figures": (
        "A probability that would round to 1, or a total that would round to one of its terms, keeps {kept} of its "
        "distance from it."
    ),
    "kept figures, cut figures": (
        "A total that would be cut to one of its terms keeps {kept} of its distance from it."
    ),
    "as many as its decimals": "as many significant figures as it has decimals",
    "as many as its figures": "as many significant figures as it has figures",
    "slip": "The mistake is in the line of {quantity}: {mistake}.",
    "accepted, rounded": (
        "An answer is right if it can be reached by rounding every step to {places} or more: each has its interval."
    ),
    "accepted, cut": (
        "An answer is right if it can be reached by cutting every step off after {places} or more: each has its "
        "interval."
    ),
    "exact lines": (
        "Where no number of digits can decide a result, the line is written exactly; its letters stand for the exact "
        "numbers."
    ),
    "blocks as columns": (
        "A letter without an index is the column, or the matrix, of its entries, and {turned} is {letter} with "
        "its rows as columns. A sum, ⊙, a fraction, a power and a function go entry by entry."
    ),
    "blocks as rows": (
        "A letter without an index is the row, or the matrix, of its entries, and {turned} is {letter} with "
        "its columns as rows. A sum, ⊙, a fraction, a power and a function go entry by entry."
    ),
    "samples as columns": "Of a capital such as {letter} each column belongs to a sample.",
    "samples as rows": "Of a capital such as {letter} each row belongs to a sample.",
    "ones": "{ones} is a column of {count} {count:one|ones}.",
    # working
    "new value": "The new value of {old} is {new}.",
    "slope is": "{condition}, so the slope is {slope}",
    "case is": "{condition}, so it is {value}",
    "line exactly": "written exactly, because no number of digits can decide this line",
    # tables to fill in
    "net input": "net input",
    "output of a unit": "output",
    "slope of the output": "slope of the output",
    "error": "error",
    "weight or bias": "weight or bias",
    "gradient": "gradient",
    "new value of it": "new value",
    "total": "total",
    "columns are samples": "Each column on the right belongs to a sample.",
    "row of ones": "Below the inputs of a layer stands {ones}, which multiplies its biases.",
    "class name": "class",
    "epoch by epoch": "Epoch by epoch",
    "update by update": "Update by update",
    "epoch": "epoch {epoch}",
    "start": "start",
    "update number": "update",
    # the student sheet
    "marks": "{count} {count:mark|marks}",
    "marks and minutes": "{marks} {marks:mark|marks}, about {minutes} {minutes:minute|minutes}",
    "questions": "Questions",
    "heading of question": "Question {number}: {name}",
    "heading of nameless question": "Question {number}",
    "question": "{asks}: {names} ({marks} {marks:mark|marks})",
    "question without marks": "{asks}: {names}",
    "ask letters": "Derive in letters, from the givens and the results of the forward pass",
    "ask forward": "Work out the forward pass",
    "ask loss": "Work out the loss",
    "ask slopes of outputs": "Work out the slopes of the loss at the output layer",
    "ask slopes of hidden units": (
        "Work out the slopes of the loss at the hidden units, from the last layer to the first"
    ),
    "ask slopes of parameters": "Work out the slope of the loss with respect to each weight and bias",
    "ask factors": "Work out the factors of the chain rule and their product",
    "ask gradients": "Work out the gradients, from the output back",
    "ask update": "Work out the new parameters",
    "ask rerun": "Run the network again with the new parameters",
    "ask given": "Find what is missing among the givens",
    "ask comment": "Comment: has the loss fallen? Why?",
    "round every result": "Round every result to {places}.",
    "cut every result": "Cut every result off after {places}.",
    "of sample": "Sample {sample}:",
    "repeat": "Repeat for the {count:other|others}:",
    "do the same": "Do the same here:",
    "missing": (
        "{count:One number is missing on the sheet|These numbers are missing on the sheet}: {names}. Everything else "
        "is given."
    ),
    "in letters": "In letters",
    "derive": (
        "Derive the slopes in letters: by the chain rule, and then in the given letters and those of the forward pass. "
        "The numbers are put in below."
    ),
    "as a product": "The chain rule",
    "factors": "The factors",
    "product": "The product",
    "routes": (
        "{weight} changes {loss} by way of {ways}. Each step on {count:the|a} way is a factor"
        "{count:|, and the ways are added}."
    ),
    "slopes of a sum": (
        "The slope of a weighted sum with respect to an input is the weight of that input; with respect to a weight it "
        "is the input."
    ),
    "check agrees": "Check: the backward pass comes to the same, {shown}.",
    "check is rounded": "Check: the backward pass rounds other results on its way, and comes to {shown}.",
    "why loss falls": "Each parameter has gone against its slope, and the step was small enough.",
    "why loss rises": (
        "Each parameter has gone against its slope, but the step was too large: so far from the old parameters their "
        "slopes no longer say where the loss falls."
    ),
    "why loss stays": "The step has changed nothing that the loss depends on.",
    "key to": "Key: {title}",
    "for the pocket": "For the pocket: {title}",
    "one line is wrong": (
        "One line of this solution is wrong. Everything after it follows from it, as it should. Find the line, say "
        "what went wrong, and work out its right result."
    ),
    "mistake": "The mistake",
    "find the mistake": "The wrong line is that of {line}. Its right result is {result}. What went wrong?",
    "the mistake is": "{sentence} Right is {right}.",
    "tick": ("Tick one box for each question: one answer is right. The room beside the answers is for your working."),
    "what is": "{number}. What is {quantity}?",
    "what is, for marks": "{number}. What is {quantity}? ({marks} {marks:mark|marks})",
    "right option": "right",
    "mistake before": "in the line of {quantity}: {mistake}",
    "no known mistake": "no known mistake",
    "question of options": "question",
    "its value": "value",
    "accepted to": "to",
    "asked line": "the wrong line",
    "asked result": "its right result",
    "formulas": "Formulas",
    "values": "Values to look up",
    "about values": "The lines ask for some of these values.",
    "wires": "Write the value of each wire above it.",
    "wires with gradients": "Write the value of each wire above it, and its gradient below it.",
    "curves": "Curves",
    "state begins": "{letter} begins at {value} for every parameter.",
    "answers to": "Answers: {title}",
    "quantity": "quantity",
    "answer": "answer",
    "accepted from": "accepted from",
    # the picture
    "inputs": "inputs",
    "input": "input",
    "unit": "unit",
    "picture": "A {sizes} network ({kinds}) with its weights and biases",
    "picture of blocks": "A network with a box for each layer ({kinds}), from the inputs to the outputs",
    "sum of branches": "sum",
    "way drawn thick": "the ways from {key} to the loss are drawn thick",
    "above and below": "above a unit its value, below it its bias",
    "slanted": "slanted: the gradient of the loss with respect to the number above it",
    "slanted minus": "slanted: minus the gradient of the loss with respect to the number above it",
    "plot of an activation": (
        "The curve of an activation ({kind}) with the point that was worked out and the tangent there"
    ),
    "plot of a step": "The loss along the step, with the points before and after it",
    "part of the step": "part of the step",
    "before the step": "before",
    "after the step": "after",
    "circuit": "A circuit of {gates} {gates:gate|gates}, with the value of each wire above it",
    "circuit with gradients": (
        "A circuit of {gates} {gates:gate|gates}, with the value of each wire above it and its gradient below"
    ),
    # the last sentence
    "prediction": "{prediction}.",
    "prediction after": "After the step: {prediction}.",
    "prediction after updates": "After {updates} updates: {prediction}.",
    "named": "{name}: {result}",
    "value and target": "{result} (target {target})",
    "probability": "p({name}) {digits}",
    "verdict": "{result}: {verdict}",
    "verdict and target": "{result}: {verdict} (target: {target})",
    "tie": "a tie",
    "class": "class {number}",
    "not": "not {name}",
    "undecided": "undecided",
    "loss falls": "{before} before the step, {after} after it: the loss falls.",
    "loss falls over updates": "{before} before the updates, {after} after them: the loss falls.",
    "loss rises": "{before} before the step, {after} after it: the loss rises.",
    "loss rises over updates": "{before} before the updates, {after} after them: the loss rises.",
    "loss stays": "{before} before the step, {after} after it: the loss stays the same.",
    "loss stays over updates": "{before} before the updates, {after} after them: the loss stays the same.",
    # formulas read out
    "spoken +": "plus",
    "spoken −": "minus",
    "spoken ·": "times",
    "spoken ×": "times",
    "spoken ⊙": "times, entry by entry,",
    "spoken =": "equals",
    "spoken ≈": "is about",
    "spoken >": "is greater than",
    "spoken ≥": "is at least",
    "spoken <": "is less than",
    "spoken ≤": "is at most",
    "spoken ,": ",",
    "spoken ;": ";",
    "spoken (": "open parenthesis",
    "spoken )": "close parenthesis",
    "spoken [": "open bracket",
    "spoken ]": "close bracket",
    "spoken {": "open brace",
    "spoken }": "close brace",
    "spoken |": "vertical bar",
    "spoken ⟨": "open angle bracket",
    "spoken ⟩": "close angle bracket",
    "spoken and so on": "and so on",
    "spoken blank": "blank",
    "spoken tick box": "box to tick",
    "spoken ticked box": "ticked box",
    "spoken which": "{said}; blank {number} of {count}",
    "spoken ln": "natural logarithm of",
    "spoken log": "logarithm of",
    "spoken max": "maximum of",
    "spoken min": "minimum of",
    "spoken tanh": "hyperbolic tangent of",
    "spoken partial": "partial",
    "spoken nabla": "nabla",
    "spoken infinity": "infinity",
    "spoken ell": "ell",
    "spoken sum": "sum",
    "spoken prime": "prime",
    "spoken capital": "capital {letter}",
    "spoken hat": "hat",
    "spoken bar": "bar",
    "spoken tilde": "tilde",
    "spoken dot": "dot",
    "spoken vec": "vector",
    "spoken sub": "sub {index}",
    "spoken long sub": "sub {index} end sub",
    "spoken layer": "of layer {number}",
    "spoken sample": "of sample {number}",
    "spoken updates": "after {number} updates",
    "spoken at": "at {what}",
    "spoken transposed": "transposed",
    "spoken squared": "squared",
    "spoken power": "to the power {power} end power",
    "spoken fraction": "fraction {top} over {bottom} end fraction",
    "spoken derivative": "partial derivative of {of} with respect to {wrt}",
    "spoken root": "square root of {inner} end root",
    "spoken matrix": "matrix with {rows} {rows:row|rows} and {columns} {columns:column|columns}: {cells}; end matrix",
    "spoken row": "row {number}: {cells}",
    "spoken cases": "cases: {cells}; end cases",
    # the overview of a pack
    "overview of": "Overview: {title}",
    "pack numbers": "Numbers",
    "pack final answers": "Final answers",
    "pack group": "Group",
    "pack code": "Variant",
    "pack files": "Files",
    "pack sheet": "sheet",
    "pack key": "key",
    "pack answers": "answers",
    "pack gates": "What the gates have rejected, of the sets of numbers that were tried",
    "gate rejects": "{gate} rejects {share} (wanted: {tell})",
    "gate rejects most at": "{gate} rejects {share} (wanted: {tell}), most often at {places}",
    "in question": "in question {number}{name}, {said}",
    "no asked line": "no asked line",
    "pack mistakes unseen": "Mistakes that can't show at a line, whatever the numbers are",
    "pack dealt": "{count} {count:sheet|sheets} from {file}, seed {seed}; everyone has numbers of their own.",
    "pack dealt the same": "{count} {count:sheet|sheets} from {file}, seed {seed}; everyone has the same numbers.",
    "pack dealt in versions": (
        "{count} {count:sheet|sheets} from {file}, seed {seed}, in {versions} versions dealt in turn."
    ),
    "pack marks": "{marks} {marks:mark|marks} on {pages} {pages:page|pages} each.",
    "pack boxes alike": "What is to be written lies at the same places on each sheet.",
    "pack boxes unalike": "What is to be written doesn't lie at the same places on each sheet.",
    "pack checked": (
        "Each key was checked before it was printed, in {ways} {ways:way that shares|ways that share} little with it; "
        "{lines} results agree."
    ),
    **MARKS,
    **PRACTISE,
    **FEEDBACK,
}

"""The sentences of a sheet in English, by name. What operations say stands in their classes."""

from __future__ import annotations

SENTENCES = {
    # marks
    "if": "if",
    "otherwise": "otherwise",
    "page": "page {page} of {pages}",
    # headings
    "untitled": "A network by hand",
    "given": "Given",
    "known from before": "Known from before",
    "forward": "Forward pass",
    "loss": "Loss",
    "gradients": "Backward pass",
    "update": "Update",
    "rerun": "Run again with the new parameters",
    "result": "Result",
    "heading of layer": "{heading}, layer {layer} ({activation})",
    "heading of loss": "{heading}, loss",
    # givens
    "target": "target",
    "target named": "target {name}",
    "learning rate": "learning rate",
    # conventions
    "indices to, from": (
        "Of the two indices of a weight the first says to which unit it leads, the second from which one: "
        "{weight} leads to unit {to}, from {source} {start}."
    ),
    "indices from, to": (
        "Of the two indices of a weight the first says from which unit it leads, the second to which one: "
        "{weight} leads from {source} {start}, to unit {to}."
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
    "log": "log is the natural logarithm.",
    "carried exactly": (
        "Carried exactly; results are rounded half up to {decimals} {decimals:decimal|decimals}, a half away from 0. "
        "A number with an ellipsis shows the first digits of the exact number, as many as the lines that use it need: "
        "with the digits printed, each line gives its rounded result."
    ),
    "exact lines": (
        "Where no number of digits can decide a result, the line is written exactly; its letters stand for the exact "
        "numbers."
    ),
    "carried rounded": (
        "Every result is rounded half up to {decimals} {decimals:decimal|decimals}, a half away from 0, and the "
        "rounded number is used from then on."
    ),
    "kept figures": (
        "A result that isn't 0 but would round to 0, a probability that would round to 0 or 1, or a total that would "
        "round to one of its terms, keeps {decimals} significant {decimals:figure|figures} of its distance from it."
    ),
    # working
    "new value": "The new value of {old} is {new}.",
    "slope is": "{condition}, so the slope is {slope}",
    "line exactly": "written exactly, because no number of digits can decide this line",
    # the picture
    "inputs": "inputs",
    "input": "input",
    "unit": "unit",
    "picture": "A {sizes} network ({kinds}) with its weights and biases",
    # the last sentence
    "prediction": "{prediction}.",
    "prediction after": "After the step: {prediction}.",
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
    "loss rises": "{before} before the step, {after} after it: the loss rises.",
    "loss stays": "{before} before the step, {after} after it: the loss stays the same.",
}

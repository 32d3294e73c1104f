"""From a file, a text, a dict or a Network to a Network, within limits."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from handcalc.network.errors import UNPRINTABLE, FileError, NetworkFileError, counted, quoted
from handcalc.network.from_json import json_events
from handcalc.network.from_python import python_events
from handcalc.network.from_yaml import yaml_events
from handcalc.network.left_open import joined, refuse_open
from handcalc.network.network import Network, network_of
from handcalc.network.nodes import Event, Node, Nothing, Pairs, Text, build
from handcalc.network.values import describe
from handcalc.network.values import name as name_of
from handcalc.ops import plain

MOST_BYTES = 1_000_000
MOST_QUANTITIES = 20_000


def read(
    source: str | os.PathLike[str] | Mapping[str, object] | Network, *, most_quantities: int = MOST_QUANTITIES
) -> Network:
    """The network in a file (YAML, or JSON where its name ends in .json), in a dict, or the Network itself.

    Raises NetworkFileError where the file can't be read, where something in it doesn't fit, where it holds several
    exercises (`read_all` reads them), and where the derivation would have more than `most_quantities` quantities.
    """
    return _only(read_all(source, most_quantities=most_quantities))


def read_all(
    source: str | os.PathLike[str] | Mapping[str, object] | Network, *, most_quantities: int = MOST_QUANTITIES
) -> dict[str, Network]:
    """Every network in a file by its name under `exercises`; the only one of a file without them is called "".

    An exercise has the keys of the file, and its own in their place.
    """
    if isinstance(source, Network):
        return {"": sized(source, "the network", most_quantities)}
    return _networks(node_of(source, most_quantities), most_quantities)


def node_of(source: str | os.PathLike[str] | Mapping[str, object], most_quantities: int = MOST_QUANTITIES) -> Node:
    """What a file or a dict says, before anyone asks what it means."""
    if not isinstance(source, str | os.PathLike):
        return build(python_events(source), "the network", _most_values(most_quantities))
    name = os.fspath(source)
    return node_in(_text_of(name), name, most_quantities)


def read_text(text: str, name: str = "the text", *, most_quantities: int = MOST_QUANTITIES) -> Network:
    """The network in `text`: JSON where `name` ends in .json, else YAML (which most JSON is as well)."""
    return _only(_networks(node_in(text, name, most_quantities), most_quantities))


def placed(
    error: NetworkFileError, source: str | os.PathLike[str] | Mapping[str, object] | Network, exercise: str = ""
) -> NetworkFileError:
    """`error`, found after the reading, with the file `source` and the line of the key that it names."""
    if not isinstance(source, str | os.PathLike):
        return error
    name = os.fspath(source)
    return placed_in(error, exercises_of(node_in(_text_of(name), name))[exercise])


def placed_in(error: NetworkFileError, node: Node) -> NetworkFileError:
    """The same of an exercise whose keys are `node`."""
    wanted = re.split(r"[.\[]", error.path)[0]
    keys = [key for key, _ in node.pairs if plain(key.text) == wanted] if isinstance(node, Pairs) else []
    return NetworkFileError(error.problem, node.place.source, keys[0].place.line if keys else None, error.path)


def node_in(text: str, name: str, most_quantities: int = MOST_QUANTITIES) -> Node:
    """What the text of a file called `name` says."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_BYTES:
        raise _too_long(name, MOST_BYTES, NetworkFileError)
    if bad := UNPRINTABLE.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise NetworkFileError(f"the control character {quoted(bad[0])} stands here; delete it", name, line)
    return build(_events(text, name), name, _most_values(most_quantities))


def _networks(node: Node, most_quantities: int) -> dict[str, Network]:
    """The network that `node` describes, or each of its exercises."""
    source, names = node.place.source, ranges_of(node)
    found = exercises_of(node)
    for one in found.values():
        refuse_open(one, names)
    return {called: sized(network_of(one), source, most_quantities) for called, one in found.items()}


def value_of(node: Node, wanted: str) -> Node | None:
    """The value of the key `wanted` of a mapping, None where it has none."""
    pairs = node.pairs if isinstance(node, Pairs) else ()
    return next((value for key, value in pairs if plain(key.text) == wanted), None)


def ranges_of(node: Node) -> dict[str, tuple[Text, Node]]:
    """What numbers may be that vary, by the names that the key `quiz` gives; each with its name as it stands there."""
    quiz = value_of(node, "quiz")
    numbers = value_of(quiz, "numbers") if quiz else None
    pairs = joined(numbers.pairs) if isinstance(numbers, Pairs) else ()
    return {key.text.strip(): (key, value) for key, value in pairs}


def exercises_of(node: Node) -> dict[str, Node]:
    """By name the keys of each exercise with those of the file that it doesn't replace; "" of a file without any.

    The keys `quiz` and `marking` are no exercise's: they say how numbers vary, and what answers are worth.
    """
    exercises = value_of(node, "exercises")
    if isinstance(node, Pairs):
        node = Pairs(tuple(pair for pair in node.pairs if plain(pair[0].text) not in OF_THE_FILE), node.place)
    if exercises is None or not isinstance(node, Pairs):
        return {"": node}
    if not isinstance(exercises, Pairs) or not exercises.pairs:
        raise exercises.place.wrong(
            f"found {describe(exercises)}, where exercises by name are wanted; write for example "
            "exercises: {a: {loss: cross-entropy}}"
        )
    common = [pair for pair in node.pairs if plain(pair[0].text) != "exercises"]
    found: dict[str, Node] = {}
    for key, own in exercises.pairs:
        called = name_of(key, "the name of an exercise")
        if called in found:
            raise key.place.wrong(f"an exercise is called {quoted(called)} already; names must differ")
        if not isinstance(own, Pairs | Nothing):
            raise own.place.wrong(f"found {describe(own)}, where the keys of an exercise are wanted")
        changed = own.pairs if isinstance(own, Pairs) else ()
        replaced = {plain(one.text) for one, _ in changed}
        kept = [pair for pair in common if plain(pair[0].text) not in replaced]
        given = tuple(
            pair
            for pair in (*kept, *changed)
            if not (isinstance(pair[1], Text) and pair[1].text == "none" and plain(pair[0].text) in LEFT_OUT)
        )
        found[called] = Pairs(given, node.place)
    return found


OF_THE_FILE = frozenset({"quiz", "marking"})
LEFT_OUT = frozenset(
    {"target", "loss", "learning rate", "layers", "inputs", "scores", "predictions", "regularisation", "optimiser"}
)
"""Keys that an exercise may leave out with ``none``, though the file has them."""


def _only(found: dict[str, Network]) -> Network:
    if "" not in found:
        raise NetworkFileError(
            f"the file holds {counted(len(found), 'exercise')} ({', '.join(found)}); read_all reads them", "the file"
        )
    return found[""]


def count_quantities(network: Network) -> int:
    """About how many quantities one pass has: an estimate, made before anything is derived."""
    layers = [layer for layer in network.dense if layer.weights]
    parameters = sum(len(layer.weights) * len(layer.weights[0]) + len(layer.bias or ()) for layer in layers)
    units = sum(layer.units(network.layout) for layer in layers)
    samples = 1 if network.online else len(network.rows)
    backward = not {"gradients", "update", "rerun"}.isdisjoint(network.show)
    update = not {"update", "rerun"}.isdisjoint(network.show)
    passes = 1 + backward + ("rerun" in network.show)
    return samples * (len(network.rows[0]) + 2 * units * passes) + parameters * (1 + backward + update)


def _events(text: str, name: str) -> Iterator[Event]:
    return json_events(text, name) if name.lower().endswith(".json") else yaml_events(text, name)


def _most_values(most_quantities: int) -> int:
    """A bound on the values of the file, so that reading ends soon: a network has fewer values than quantities."""
    return 3 * most_quantities + 2_000


def sized(network: Network, name: str, most_quantities: int = MOST_QUANTITIES) -> Network:
    """`network`, unless its derivation would be too long."""
    count = count_quantities(network)
    if count > most_quantities:
        widest = max(
            (layer for layer in network.dense if layer.weights),
            key=lambda layer: len(layer.weights) * len(layer.weights[0]),
            default=None,
        )
        largest = (
            f" (the largest layer has {counted(len(widest.weights), 'unit')} with "
            f"{counted(len(widest.weights[0]), 'weight')} each)"
            if widest
            else ""
        )
        raise NetworkFileError(
            f"the derivation would have about {count:,} quantities{largest}; "
            f"the limit is {most_quantities:,}, and --most-quantities {count} raises it",
            name,
        )
    return network


def _text_of(name: str) -> str:
    if "\n" in name:
        raise NetworkFileError("this is a text, not the name of a file; read_text reads it", quoted(name))
    content = content_of(name, MOST_BYTES, NetworkFileError)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NetworkFileError("the file is in UTF-16; save it as UTF-8", name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise NetworkFileError(found, name, line) from None


def content_of(name: str, most: int, wrong: type[FileError]) -> bytes:
    """The bytes of a file. Raises `wrong` if it can't be read or has more than `most`."""
    try:
        with open(name, "rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        problem = "there is no such file" if isinstance(error, FileNotFoundError) else _reason(error)
        raise wrong(problem, name) from None
    if len(content) > most:
        raise _too_long(name, most, wrong)
    return content


def _reason(error: OSError | ValueError) -> str:
    return f"the file can't be read: {getattr(error, 'strerror', None) or error}"


def _too_long(name: str, most: int, wrong: type[FileError]) -> FileError:
    return wrong(f"the file is longer than {most:,} bytes, the most {wrong.holder} may have", name)

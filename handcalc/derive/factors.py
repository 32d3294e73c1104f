"""One gradient as a product of factors, from the loss back: ∂L/∂w = ∂L/∂ŷ · ∂ŷ/∂z · ∂z/∂w, over several routes a sum.

The factors are steps of the page; of the backward pass only those steps stay that a route begins with (∂L/∂ŷ, or the
quoted ∂L/∂z of softmax with cross-entropy).

Glossary
    subject    what the gradient is of
    route      a way from the subject to the loss, as its factors from the loss back
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handcalc.derive.bare import Bare
from handcalc.derive.page import Page, Step
from handcalc.formula.quantity import Quantity, gradient
from handcalc.formula.tree import Product, Ref, total
from handcalc.network.errors import at_key, quoted
from handcalc.ops.chain_rule import ChainRule

MOST_ROUTES = 8
Route = tuple[Step, ...]


def write_factors(page: Page, asked: Sequence[str]) -> None:
    """Put the factors of one gradient in place of the backward pass: of the first that is `asked` by its key, else of
    the first parameter's.

    Raises NetworkFileError where there is none, or it has no factors that can be told apart, or too many routes.
    """
    slopes = {step.of: step for step in page.steps if step.stage == "gradients" and step.of is not None}
    subject = _subject(page, asked, slopes)
    routes = list(_Routes(page, slopes).to(subject))
    if routes == [(slopes[subject],)]:
        raise at_key("ask", f"{slopes[subject].target.key} is one factor, and no product; ask for that of a weight")
    factors = {factor.target: factor for route in routes for factor in route}
    whole = slopes[subject]
    if whole.target in factors:
        raise at_key("form", f"a factor would be called {whole.target.key}, as the whole gradient is; take form: steps")
    product = total(_product(route) for route in routes)
    chain = Step(whole.target, product, ChainRule(), "gradients", whole.layer, of=subject, sample=whole.sample)
    page.steps = [*(step for step in page.steps if step.stage != "gradients"), *factors.values(), chain]


def check_factors(shape: Bare) -> None:
    """Raises NetworkFileError for a gradient that is no product of local slopes, or a sum over samples."""
    if len(shape.inputs) > 1:
        raise at_key("form", "factors are those of one sample, and there are several; leave the others out, or take "
                             "form: lettered parts")  # fmt: skip
    if shape.penalties:
        raise at_key("form", "factors are those of the loss alone, and regularisation adds to it; take form: lettered "
                             "parts")  # fmt: skip
    if shape.in_place:
        raise at_key("form", "factors are those of a gradient, in which all weights are the old ones; leave out update "
                             "order: in place")  # fmt: skip


def _subject(page: Page, asked: Sequence[str], slopes: dict[Quantity, Step]) -> Quantity:
    if not slopes:
        raise at_key("form", "factors are those of a gradient, and there is none; a target, a loss and show: gradients "
                             "are needed")  # fmt: skip
    given = [q for q in page.givens if q in slopes]
    for name in asked:
        for q in (*given, *slopes):
            target = slopes[q].target
            if name.removeprefix("-") in (target.key.removeprefix("-"), target.block().removeprefix("-")):
                return q
    if not given:
        raise at_key("ask", "ask for the gradient that the factors are of, such as dL/dz1[1]")
    return given[0]


class _Routes:
    def __init__(self, page: Page, slopes: dict[Quantity, Step]) -> None:
        self.slopes, self.page = slopes, page
        self.made_by = {q: made for made in page.made for q in made.formulas}

    def to(self, subject: Quantity) -> Iterator[Route]:
        found: list[Route] = []
        for route in self._to(subject):
            found.append(route)
            if len(found) > MOST_ROUTES:
                raise at_key(
                    "form",
                    f"more than {MOST_ROUTES} routes lead from {quoted(subject.key)} to the loss; ask for the gradient "
                    "of a weight nearer to the output",
                )
        yield from found

    def _to(self, q: Quantity) -> Iterator[Route]:
        step = self.slopes[q]
        ends = [path for path in step.paths if path.upstream is None]
        if not step.paths or (ends and len(step.paths) == 1):
            yield (step,)
            return
        if ends:
            raise at_key("form", f"{step.target.key} has a way of its own to the loss beside others; take form: steps")
        for path in step.paths:
            made = self.made_by[path.via]
            frame = self.page.frame(made)
            local = Step(gradient(path.via, q), path.local, made.operation, "gradients", frame.layer,
                         sample=frame.sample)  # fmt: skip
            for route in self._to(path.via):
                yield (*route, local)


def _product(route: Route) -> Product | Ref:
    refs = tuple(Ref(factor.target) for factor in route)
    return Product(refs) if len(refs) > 1 else refs[0]

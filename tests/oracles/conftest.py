"""The counts at the end of the run."""

from __future__ import annotations

from collections import Counter

import pytest

COUNTS: Counter[str] = Counter()


@pytest.fixture
def counts() -> Counter[str]:
    """What was checked, added up over the whole run."""
    return COUNTS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if COUNTS:
        terminalreporter.section("what the oracles checked")
        for name, count in COUNTS.items():
            terminalreporter.write_line(f"{count:>9,}  {name}")

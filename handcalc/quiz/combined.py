"""All sheets of a class in one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def combined(files: Sequence[Path], out: Path) -> int:
    from pypdf import PdfWriter

    writer = PdfWriter()
    for file in files:
        if len(writer.pages) % 2:
            writer.add_blank_page()
        writer.append(file)
    writer.compress_identical_objects()
    writer.write(out)
    return len(writer.pages)

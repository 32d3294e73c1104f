"""Make the fonts of this folder; needed only when they change (fontTools and brotli must be installed).

    python make.py STIXTwoMath-Regular.ttf FOLDER-OF-STIX-TWO-TEXT-WOFF2-FILES

Sources: STIX Two Math 2.11, github.com/stipub/stixfonts; STIX Two Text 5.3.0 of fontsource.org, whose
files each hold one script and are joined here. Both are under the SIL Open Font License 1.1 (OFL.txt).

    maths.ttf     the glyphs that a formula or a label can need, without the tables a page never uses
    maths.json    their metrics: the MATH table as `typeset.metrics` reads it, in 1/1000 em
    text-*.ttf    regular, italic and bold, for sentences
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
SCRIPTS = ("latin", "latin-ext", "greek", "cyrillic", "vietnamese")
FACES = {"text-regular": "400-normal", "text-italic": "400-italic", "text-bold": "700-normal"}

LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), *range(0x386, 0x3CF), *range(0x400, 0x460)]
LETTERS += range(0x1EA0, 0x1EFA)
PUNCTUATION = range(0x2010, 0x2045)
ITALIC = [*range(0x1D434, 0x1D468), 0x210E, *range(0x1D6E2, 0x1D71C)]
BOLD = range(0x1D400, 0x1D434)
SIGNS = "−×·≈→←↦⇒⇐∂∇∑∏√⊙⊗⊤′‖=<>≤≥≠±÷…⋯⋮∈∉ℝℓ∞¯∗∘–—‘’“”„€‰½¼¾\u0302\u0303\u0304\u0307\u20d7⌊⌋⌈⌉⟨⟩|‖"
MADE = 3_700_000_000
"""The date in the text fonts, in seconds since 1904: always the same, some day of 2021."""
NAMES = [0, 1, 2, 4, 5, 6, 13, 14]
"""Of the font's name table: copyright, family, style, names, licence."""
STRETCHY = "()[]{}|‖√⌊⌋⌈⌉⟨⟩"


def main(maths: Path, texts: Path) -> None:
    make_maths(maths)
    for name, style in FACES.items():
        files = [str(texts / f"stix-two-text-{script}-{style}.woff2") for script in SCRIPTS]
        make_text(files, HERE / f"{name}.ttf")


def make_maths(source: Path) -> None:
    font = TTFont(source, recalcTimestamp=False)
    characters = font.getBestCmap()
    wanted = sorted({*LETTERS, *ITALIC, *BOLD, *map(ord, SIGNS)} & characters.keys())
    names = dict.fromkeys(characters[c] for c in wanted)
    variants, assemblies = stretchy(font, [characters[ord(c)] for c in STRETCHY])
    for parts in [*variants.values(), *assemblies.values()]:
        names |= dict.fromkeys(part[0] for part in parts)
    plain = {characters[c] for c in [*range(0x2B, 0x7B), *ITALIC, *map(ord, "−·≈≤≥=∂∇…′+<>×")] if c in characters}
    smaller = {name: forms for name, forms in script_forms(font).items() if name in plain}
    for forms in smaller.values():
        names |= dict.fromkeys(forms)
    metrics = font_metrics(font, names)
    number = subset_maths(source, list(names))
    table = {
        "constants": constants(font),
        "overlap": font["MATH"].table.MathVariants.MinConnectorOverlap,
        "characters": {chr(c): number[characters[c]] for c in wanted},
        "glyphs": [metrics.get(name, [0] * 5) for name in sorted(number, key=number.__getitem__)],
        "variants": {number[n]: [[number[p[0]], p[1]] for p in parts] for n, parts in variants.items()},
        "assemblies": {number[n]: [[number[p[0]], *p[1:]] for p in parts] for n, parts in assemblies.items()},
        "scripts": {number[n]: [number[form] for form in forms] for n, forms in smaller.items()},
    }
    (HERE / "maths.json").write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def constants(font: TTFont) -> dict[str, int]:
    found = vars(font["MATH"].table.MathConstants).items()
    return {name: getattr(value, "Value", value) for name, value in found if name != "Version"}


def stretchy(font: TTFont, names: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Vertical variants (glyph, height) and assemblies (glyph, start, end, height, repeats), by glyph name."""
    variants, assemblies = {}, {}
    table = font["MATH"].table.MathVariants
    for name, made in zip(table.VertGlyphCoverage.glyphs, table.VertGlyphConstruction, strict=True):
        if name in names:
            variants[name] = [(r.VariantGlyph, r.AdvanceMeasurement) for r in made.MathGlyphVariantRecord]
            if made.GlyphAssembly:
                assemblies[name] = [
                    (p.glyph, p.StartConnectorLength, p.EndConnectorLength, p.FullAdvance, p.PartFlags & 1)
                    for p in made.GlyphAssembly.PartRecords
                ]
    return variants, assemblies


def script_forms(font: TTFont) -> dict[str, list[str]]:
    """The heavier forms for scripts and for scripts of scripts (feature ssty)."""
    found: dict[str, list[str]] = {}
    gsub = font["GSUB"].table
    for feature in gsub.FeatureList.FeatureRecord:
        if feature.FeatureTag == "ssty":
            for index in feature.Feature.LookupListIndex:
                for table in gsub.LookupList.Lookup[index].SubTable:
                    found |= getattr(table, "ExtSubTable", table).alternates
    return found


def font_metrics(font: TTFont, names: dict[str, None]) -> dict[str, list[float]]:
    """Advance, height, depth, italic correction, place of an accent; of each glyph."""
    info = font["MATH"].table.MathGlyphInfo
    italics = info.MathItalicsCorrectionInfo
    italic = dict(zip(italics.Coverage.glyphs, italics.ItalicsCorrection, strict=True))
    tops = info.MathTopAccentAttachment
    accent = dict(zip(tops.TopAccentCoverage.glyphs, tops.TopAccentAttachment, strict=True))
    found = {}
    for name in names:
        advance, _ = font["hmtx"][name]
        outline = font["glyf"][name]
        height, depth = (outline.yMax, -outline.yMin) if outline.numberOfContours else (0, 0)
        correction = italic[name].Value if name in italic else 0
        top = accent[name].Value if name in accent else advance / 2
        found[name] = [advance, height, depth, correction, top]
    return found


def subset_maths(source: Path, names: list[str]) -> dict[str, int]:
    """Write maths.ttf; return the number of each glyph in it."""
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=NAMES)
    options.drop_tables += ["MATH", "GSUB", "GPOS", "GDEF", "DSIG", "gasp"]
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(glyphs=names)
    subsetter.subset(font)
    decompose(font)
    order: list[str] = font.getGlyphOrder()
    font["post"].formatType = 3.0
    font.save(HERE / "maths.ttf")
    return {name: i for i, name in enumerate(order)}


def decompose(font: TTFont) -> None:
    """Draw each composite glyph out, so that a page's subset may take any glyph alone."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyphs = font.getGlyphSet()
    for name in font.getGlyphOrder():
        if font["glyf"][name].isComposite():
            drawing, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
            glyphs[name].draw(drawing)
            drawing.replay(pen)
            font["glyf"][name] = pen.glyph()


def make_text(files: list[str], target: Path) -> None:
    font = Merger().merge(files)
    options = subset.Options(layout_features=["kern", "liga", "ccmp", "locl", "mark", "mkmk"], hinting=False)
    options.name_IDs = NAMES
    subsetter = subset.Subsetter(options)
    wanted = {*LETTERS, *PUNCTUATION, *map(ord, SIGNS)}
    subsetter.populate(unicodes=sorted(wanted & font.getBestCmap().keys()))
    subsetter.subset(font)
    for table in ("STAT", "gasp"):
        if table in font:
            del font[table]
    font["post"].formatType = 3.0
    font["head"].created = font["head"].modified = MADE
    font.recalcTimestamp = False
    font.save(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

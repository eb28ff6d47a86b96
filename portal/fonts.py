"""The portal's typeface: the part of Source Sans 3 that Swedish pages and documents need.

Its licence, OFL, lets anyone cut it down and pass it on, with the licence beside it and under another name:
"Source" is kept for the whole font.
"""

from copy import deepcopy
from pathlib import Path

import fontpkg
from fontTools import subset
from fontTools.ttLib import TTFont

FILE_NAME = "source-sans-3.woff2"
LICENCE_NAME = "source-sans-3-OFL.txt"
OWN_NAME = "Handlingsplaner Sans"

CHARACTERS = frozenset(
    [
        *map(chr, range(0x20, 0x7F)),  # Basic Latin
        *map(chr, range(0xA0, 0x180)),  # Latin-1 and Latin Extended-A
        *"\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}",
        *"–—−‘’‚“”„‹›†‡•…‰′″€™←↑→↓≈≠≤≥✓⁰⁴⁵⁶⁷⁸⁹",
    ]
)
FEATURES = ["ccmp", "kern", "lnum", "locl", "mark", "tnum"]

_ONE_WORD = OWN_NAME.replace(" ", "")
_NAMES = {1: OWN_NAME, 3: OWN_NAME, 4: OWN_NAME, 6: _ONE_WORD, 16: OWN_NAME, 25: _ONE_WORD}


def make_font(folder: Path) -> Path:
    """Write the subset and its licence to `folder`; the same package gives the same bytes."""
    source = fontpkg.path("Source Sans 3")
    folder.mkdir(parents=True, exist_ok=True)
    with TTFont(source, recalcTimestamp=False) as font:
        _tell_hyphens_apart(font)
        _cut_down(font)
        _rename(font)
        font.flavor = "woff2"
        unfinished = folder / f"{FILE_NAME}.unfinished"
        font.save(unfinished)
    (folder / LICENCE_NAME).write_bytes((source.parent.parent / "LICENSE").read_bytes())
    return unfinished.replace(folder / FILE_NAME)


def _tell_hyphens_apart(font: TTFont) -> None:
    """Gives the hyphen that divides a word a glyph of its own, so that a PDF tells it from a written one."""
    of_words, own = "hyphen", "hyphenation"
    widths = font["HVAR"].table.AdvWidthMap.mapping
    of_each_glyph = (font["glyf"].glyphs, font["hmtx"].metrics, font["gvar"].variations, widths)
    font.setGlyphOrder([*font.getGlyphOrder(), own])
    for table in of_each_glyph:
        table[own] = deepcopy(table[of_words])
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord("\N{HYPHEN}")] = own


def _cut_down(font: TTFont) -> None:
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(CHARACTERS))
    subsetter.subset(font)


def _rename(font: TTFont) -> None:
    for record in font["name"].names:
        if record.nameID in _NAMES:
            record.string = _NAMES[record.nameID]

#!/usr/bin/env python3
"""Cuts the embedded fonts down to the characters that paper lists use.

    npm install --prefix DIR $(cut -f1 make/packages.tsv | sort -u)
    python3 make/subset.py DIR/node_modules UNIHAN

UNIHAN is Unihan_OtherMappings.txt.bz2 (Debian: package unicode-data, 15.0). Needs fonttools
4.x. Writes data/*.ttf, data/katex/*.ttf (whole files: the kind `whole`) and PROVENANCE.tsv; a source file whose SHA-256 is not the one in
make/packages.tsv stops the run.
"""

import bz2
import hashlib
import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data"


def span(first, last):
    return set(range(first, last + 1))


def double_byte(codec, first_rows, columns):
    """The characters of a double-byte character set."""
    found = set()
    for row in first_rows:
        for column in columns:
            try:
                text = bytes([row, column]).decode(codec)
            except UnicodeDecodeError:
                continue
            found.update(map(ord, text))
    return found


def han(unihan):
    """GB 2312, the 8,105 characters of 通用规范汉字表 (Unihan kTGH), Big5 level 1, and the
    first level of JIS X 0208, in which most Japanese authors write their names."""
    tongyong = set()
    for line in bz2.open(unihan, "rt", encoding="utf-8"):
        fields = line.split("\t")
        if len(fields) == 3 and fields[1] == "kTGH":
            tongyong.add(int(fields[0][2:], 16))
    gb2312 = double_byte("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
    big5 = double_byte("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    jis = double_byte("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF))
    return gb2312 | tongyong | big5 | jis


LATIN = (
    span(0x20, 0x7E)
    | span(0xA0, 0x24F)  # Latin-1, Extended-A and -B
    | span(0x250, 0x2FF)  # phonetic letters
    | span(0x300, 0x36F)  # combining marks
    | span(0x370, 0x3FF)  # Greek
    | span(0x400, 0x52F)  # Cyrillic
    | span(0x1D00, 0x1DBF)  # superscript letters
    | span(0x1E00, 0x1EFF)  # Vietnamese
    | span(0x2000, 0x206F)  # punctuation
    | span(0x2070, 0x209F)  # superscripts and subscripts
    | span(0x20A0, 0x20C0)  # currencies
    | span(0x2100, 0x218F)  # letter-like, number forms
    | {0x2202, 0x2206, 0x220F, 0x2211, 0x2212, 0x221A, 0x221E, 0x222B, 0x2248, 0x2260, 0x2264, 0x2265, 0x25CC, 0xFB00, 0xFB01, 0xFB02, 0xFB03, 0xFB04, 0xFFFD}
)
CJK = (
    span(0x2010, 0x2027)
    | span(0x2030, 0x205E)
    | span(0x2100, 0x218F)
    | span(0x2190, 0x21FF)
    | span(0x2200, 0x22FF)
    | span(0x2300, 0x23FF)
    | span(0x2460, 0x24FF)
    | span(0x2500, 0x27BF)
    | span(0x2E3A, 0x2E3B)
    | span(0x3000, 0x312F)  # punctuation, kana, bopomofo
    | span(0x3200, 0x33FF)  # enclosed and squared
    | span(0xFE30, 0xFE4F)
    | span(0xFF00, 0xFFEF)
    | {0xA7, 0xB0, 0xB1, 0xB7, 0xD7, 0xF7}
)
MONO = (
    span(0x20, 0x7E)
    | span(0xA0, 0x24F)
    | span(0x300, 0x36F)
    | span(0x370, 0x3FF)
    | span(0x400, 0x45F)
    | span(0x1E00, 0x1EFF)
    | span(0x2000, 0x206F)
    | span(0x2070, 0x209F)
    | span(0x20A0, 0x20C0)
    | span(0x2100, 0x22FF)
    | span(0x2500, 0x25FF)
    | {0x2713, 0x2717}
)
MATH = (
    span(0x2016, 0x2057)
    | span(0x2100, 0x23FF)
    | span(0x25A0, 0x25FF)
    | span(0x27C0, 0x27FF)
    | span(0x2900, 0x2BFF)
    | span(0x1D400, 0x1D7FF)
)
SYMBOLS = span(0x2190, 0x21FF) | span(0x2300, 0x23FF) | span(0x2460, 0x27BF) | span(0x2B00, 0x2BFF)
EMOJI = None  # all of it

CHARACTERS = {"latin": LATIN, "mono": MONO, "math": MATH, "symbols": SYMBOLS, "emoji": EMOJI}


# Units per em. Outlines are most of what a document embeds, and many of their bytes tell
# positions finer than print shows: 1/250 em is 0.04 pt in running text, less than a dot at
# 1,200 dpi. Bold is set large, and Latin letters are round: they keep twice that.
UNITS = {"NotoSansSC-Regular.ttf": 250}
FINE_UNITS = 500


def main(modules, unihan):
    CHARACTERS["cjk"] = CJK | {0x20} | {c for c in han(unihan) if c > 0x2000}
    report = ["file\tbytes\tcharacters\tsource\tversion\tsha256 of the source"]
    for line in (HERE / "packages.tsv").read_text().splitlines():
        package, source, digest, kind, target = line.split("\t")
        name, version = package.rsplit("@", 1)
        path = pathlib.Path(modules) / name / source
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != digest:
            sys.exit(f"{path}: SHA-256 is {found}, expected {digest}")
        out = DATA / target
        if kind == "whole":
            # The metrics that formulas are laid out by are those of these very files.
            out.parent.mkdir(exist_ok=True)
            out.write_bytes(path.read_bytes())
            kept = len(TTFont(out).getBestCmap())
            report.append(f"{target}\t{out.stat().st_size}\t{kept}\t{name}/{source}\t{version}\t{digest}")
            continue
        font = TTFont(path, recalcTimestamp=False)
        options = subset.Options()
        options.hinting = False
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
        options.notdef_outline = True
        options.glyph_names = False
        options.recalc_timestamp = False
        options.drop_tables += ["BASE", "STAT", "vhea", "vmtx", "VORG", "MATH", "DSIG", "meta"]
        if kind in ("latin", "mono"):
            options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"] if kind == "latin" else ["mark", "mkmk", "ccmp"]
        else:
            options.layout_features = []
            options.drop_tables += ["GSUB", "GPOS", "GDEF"]
        wanted = CHARACTERS[kind] or set(font.getBestCmap())
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        if kind in ("cjk", "latin", "mono"):
            scale_upem(font, UNITS.get(target, FINE_UNITS))
        font.save(out)
        kept = len(TTFont(out).getBestCmap())
        report.append(f"{target}\t{out.stat().st_size}\t{kept}\t{name}/{source}\t{version}\t{digest}")
    (HERE.parent / "PROVENANCE.tsv").write_text("\n".join(report) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

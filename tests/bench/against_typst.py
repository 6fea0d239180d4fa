#!/usr/bin/env python3
"""Time, memory and size of the PDF against Typst's of the same list.

Both run in turn, so that a noisy machine is noisy for both; the ratios are those of the
medians. Typst runs inside Python, whose start is not counted. Fonts are the same files.
"""

import shutil
import sys

from measure import ROOT, heading, install, judge, line, measure, medians, parser, reading_list

FONTS = ROOT / "crates/offprint-fonts/data"
TYPST = """
import sys, time, typst
start = time.perf_counter()
typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]], ignore_system_fonts=True)
print(time.perf_counter() - start)
"""


def run_offprint(program, folder):
    out = folder / "public"
    shutil.rmtree(out, ignore_errors=True)
    build = [program, "build", "-q", folder, "--format", "pdf", "--out", out]
    wall, cpu, memory, _ = measure(build)
    (pdf,) = out.rglob("*.pdf")
    return wall, cpu, memory, pdf.stat().st_size / 1024


def run_typst(folder, document):
    pdf = folder / "typst.pdf"
    compile_ = [sys.executable, "-c", TYPST, folder / document, pdf, FONTS]
    _, cpu, memory, output = measure(compile_)
    return float(output), cpu, memory, pdf.stat().st_size / 1024


def compare(papers, rounds, options):
    """Prints the medians of both and returns offprint's, and the ratios."""
    folder = reading_list(papers)
    document = "list.typ"
    if options.one_language:
        text = (folder / document).read_text("utf-8").replace('lang: "en", ', "")
        document = "one-language.typ"
        (folder / document).write_text(text, "utf-8")
    runs = []
    for _ in range(rounds):
        runs.append((run_offprint(options.offprint, folder), run_typst(folder, document)))
    ours, theirs = (medians(side) for side in zip(*runs))
    ratios = [our / their for our, their in zip(ours, theirs)]
    print(f"\n{papers} papers, medians of {rounds}")
    print(heading())
    print(line("offprint", ours))
    print(line("Typst", theirs))
    print(line("offprint / Typst", ratios), flush=True)
    return ours, ratios


def promises_of(results):
    """What is promised of these lists: a name, the value, and its bound."""
    wall, memory, size = 0, 2, 3
    promises = []
    if 10 in results:
        ours, ratios = results[10]
        promises.append(("10 papers: time over Typst's", ratios[wall], 0.5))
        promises.append(("10 papers: KB of 1,000 bytes", ours[size] * 1.024, 110))
    if 1_000 in results:
        _, ratios = results[1_000]
        promises.append(("1,000 papers: time over Typst's", ratios[wall], 1 / 3))
        promises.append(("1,000 papers: memory over Typst's", ratios[memory], 0.5))
        promises.append(("1,000 papers: size over Typst's", ratios[size], 0.5))
    if 10_000 in results:
        promises.append(("10,000 papers: MiB", results[10_000][0][memory], 600))
    for papers, (ours, _) in results.items():
        # Below a hundred papers, time is mostly that of the start.
        if papers >= 100 and papers * 10 in results:
            growth = results[papers * 10][0][wall] / ours[wall]
            name = f"{papers * 10:,} papers: time over that of {papers:,}"
            promises.append((name, growth, 11))
    return promises


def main():
    arguments = parser(__doc__)
    arguments.add_argument(
        "--one-language",
        action="store_true",
        help="do not tell Typst that abstracts are English, so that it does not hyphenate",
    )
    options = arguments.parse_args()
    install("typst")
    results = {}
    for papers in options.papers:
        # Once is enough where a run takes a minute.
        rounds = options.rounds if papers < 10_000 else 1
        results[papers] = compare(papers, rounds, options)
    judge(promises_of(results))


if __name__ == "__main__":
    main()

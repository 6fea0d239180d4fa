#!/usr/bin/env python3
"""Time, memory and size of the EPUB against those of pandoc, calibre and EbookLib.

All make a book of the same list, in turn, so that a noisy machine is noisy for all; the
ratios are those of the medians. pandoc and calibre read the issue's Markdown as it is;
EbookLib, a library, is handed pages that a short script below makes of it, one a paper, as
its contents want it; drawn covers and indexes are ours alone.
"""

import shutil
import sys

from measure import heading, install, judge, line, measure, medians, parser, reading_list

# What a programmer would write after the library's guide: a page a paper, with headings
# and paragraphs and nothing else, and contents of two levels.
EBOOKLIB = r'''
import html, sys
from ebooklib import epub
text = open(sys.argv[1], encoding="utf-8").read().split("\n---\n", 1)[1]
book = epub.EpubBook()
book.set_identifier("list"); book.set_title("论文选读"); book.set_language("zh-CN")
pages = []
def page(title, text):
    lines = [line.strip().removeprefix("- ") for line in text.split("\n")]
    body = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
    item = epub.EpubHtml(title=title, file_name=f"{len(pages)}.xhtml", lang="zh-CN")
    item.content = f"<h1>{html.escape(title)}</h1>{body}"
    book.add_item(item)
    pages.append(item)
    return item
intro, *sections = text.split("\n## ")
book.toc = [page("导读", intro)]
for section in sections:
    title, _, rest = section.partition("\n")
    papers = [paper.partition("\n") for paper in rest.split("\n### ")[1:]]
    head = page(title, "")
    book.toc.append((head, [page(paper, text) for paper, _, text in papers]))
book.spine = ["nav", *pages]
book.add_item(epub.EpubNcx()); book.add_item(epub.EpubNav())
epub.write_epub(sys.argv[2], book)
'''


def sized(measured, book):
    wall, cpu, memory, _ = measured
    return wall, cpu, memory, book.stat().st_size / 1024


def run_offprint(program, folder):
    out = folder / "public"
    shutil.rmtree(out, ignore_errors=True)
    ran = measure([program, "build", "-q", folder, "--format", "epub", "--out", out])
    (book,) = out.rglob("*.epub")
    return sized(ran, book)


def run_pandoc(folder):
    book = folder / "pandoc.epub"
    markdown = folder / "issues/list.md"
    options = ["--from", "markdown", "--toc", "--toc-depth=3", "--epub-chapter-level=2"]
    return sized(measure(["pandoc", *options, markdown, "--output", book]), book)


def run_ebooklib(folder):
    book = folder / "ebooklib.epub"
    return sized(measure([sys.executable, "-c", EBOOKLIB, folder / "issues/list.md", book]), book)


def run_calibre(folder):
    book = folder / "calibre.epub"
    convert = ["ebook-convert", folder / "issues/list.md", book, "--formatting-type=markdown"]
    return sized(measure([*convert, "--chapter=//h:h3", "--epub-version=3"]), book)


def compare(papers, rounds, options):
    """Prints the medians of all, and returns them by their names."""
    folder = reading_list(papers)
    programs = {"offprint": lambda folder: run_offprint(options.offprint, folder)}
    programs["EbookLib"] = run_ebooklib
    if papers <= options.pandoc_most:
        programs["pandoc"] = run_pandoc
    if papers <= options.calibre_most:
        programs["calibre"] = run_calibre
    runs = {name: [] for name in programs}
    for _ in range(rounds):
        for name, run in programs.items():
            runs[name].append(run(folder))
    results = {name: medians(values) for name, values in runs.items()}
    print(f"\n{papers} papers, medians of {rounds}")
    print(heading())
    for name, values in results.items():
        print(line(name, values), flush=True)
    return results


def promises_of(results):
    """What is promised of these lists: a name, the value, and its bound."""
    wall, memory, size = 0, 2, 3
    bounds = {10: 0.05, 1_000: 0.2, 10_000: 1.5}
    promises = []
    for papers, programs in results.items():
        ours = programs["offprint"]
        if papers in bounds:
            promises.append((f"{papers:,} papers: seconds", ours[wall], bounds[papers]))
        if papers == 10:
            promises.append(("10 papers: KB of 1,000 bytes", ours[size] * 1.024, 110))
        if papers == 1_000:
            ebooklib = programs["EbookLib"]
            promises.append(("1,000 papers: time over EbookLib's", ours[wall] / ebooklib[wall], 0.4))
            promises.append(("1,000 papers: size over EbookLib's", ours[size] / ebooklib[size], 1))
            if "pandoc" in programs:
                ratio = ours[wall] / programs["pandoc"][wall]
                promises.append(("1,000 papers: time over pandoc's", ratio, 0.025))
        if papers == 10_000:
            promises.append(("10,000 papers: MiB", ours[memory], 64))
    return promises


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--pandoc-most", type=int, default=1_000, help="the longest list for pandoc")
    arguments.add_argument("--calibre-most", type=int, default=10, help="the longest list for calibre")
    options = arguments.parse_args()
    install("ebooklib")
    for program in ("pandoc", "ebook-convert"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: apt-get install pandoc calibre")
    results = {papers: compare(papers, options.rounds, options) for papers in options.papers}
    judge(promises_of(results))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Time and memory of the feeds against those of feedgen and of npm's `feed`.

All make feeds of the same papers, in turn, so that a noisy machine is noisy for all; the
ratios are those of the medians. offprint reads a series of issues of a hundred papers and
makes every feed there is: of issues, of papers with archives, of sections and tags, in JSON,
and the catalogue. The peers, libraries, are handed the papers as JSON, with the HTML that
offprint made of them, and make one feed in RSS, as their guides show it. The exporter
alone, without reading, is told apart: with issues of its own example.
"""

import json
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from email.utils import parsedate_to_datetime
from pathlib import Path

from measure import ROOT, install, install_node, judge, measure, parser, rounds_of, sized, years

DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
ADDRESS = "https://years.example.org/"
AN_ISSUE = 100
ALONE = ROOT / "target/release/examples/many"

FEEDGEN = r'''
import json, sys
from feedgen.feed import FeedGenerator
feed = FeedGenerator()
feed.load_extension("dc")
feed.title("papers"); feed.description("papers"); feed.language("zh-CN")
feed.link(href="https://years.example.org/", rel="alternate")
feed.link(href="https://years.example.org/papers.xml", rel="self")
for line in open(sys.argv[1], encoding="utf-8"):
    paper = json.loads(line)
    item = feed.add_entry(order="append")
    item.guid(paper["guid"], permalink=False)
    item.title(paper["title"]); item.link(href=paper["link"]); item.description(paper["html"])
    item.pubDate(paper["date"])
    item.category([{"term": tag} for tag in paper["tags"]])
    item.dc.dc_creator(paper["authors"])
feed.rss_file(sys.argv[2])
'''

NPM = r'''
import fs from "node:fs"
import { createRequire } from "node:module"
const { Feed } = createRequire(process.argv[2] + "/x")("feed")
const address = "https://years.example.org/"
const feed = new Feed({ title: "papers", description: "papers", language: "zh-CN",
    id: address, link: address, feedLinks: { rss: address + "papers.xml" } })
for (const line of fs.readFileSync(process.argv[3], "utf8").split("\n")) {
    if (!line) continue
    const paper = JSON.parse(line)
    feed.addItem({ guid: paper.guid, id: paper.guid, title: paper.title, link: paper.link,
        description: paper.html, date: new Date(paper.date),
        author: paper.authors.map(name => ({ name })),
        category: paper.tags.map(name => ({ name })) })
}
fs.writeFileSync(process.argv[4], feed.rss2())
'''


def papers_of(folder, wanted):
    """Writes the papers of a built series as lines of JSON, from its feed and archives."""
    found = set()
    papers = folder / "papers.jsonl"
    path = folder / "public/papers.xml"
    # A line at a time: a program that is measured is never told smaller than who starts it.
    with papers.open("w", encoding="utf-8") as lines:
        while path is not None:
            channel = ElementTree.parse(path).getroot().find("channel")
            for item in channel.iter("item"):
                guid = item.findtext("guid")
                # The feed and an archive may share items.
                if guid not in found:
                    found.add(guid)
                    lines.write(json.dumps(paper_of(item), ensure_ascii=False) + "\n")
            links = channel.iter("{http://www.w3.org/2005/Atom}link")
            earlier = [link.get("href") for link in links if link.get("rel") == "prev-archive"]
            path = folder / "public" / earlier[0].removeprefix(ADDRESS) if earlier else None
    if len(found) != wanted:
        sys.exit(f"{len(found)} papers are in the feeds of {wanted}")
    return papers


def paper_of(item):
    return {
        "guid": item.findtext("guid"),
        "title": item.findtext("title"),
        "link": item.findtext("link"),
        "html": item.findtext("description"),
        "date": parsedate_to_datetime(item.findtext("pubDate")).isoformat(),
        "tags": [category.text for category in item.iter("category")],
        "authors": [creator.text for creator in item.iter(f"{DUBLIN_CORE}creator")],
    }


def run_offprint(program, folder):
    out = folder / "public"
    shutil.rmtree(out, ignore_errors=True)
    ran = measure([program, "build", "-q", folder, "--format", "rss", "--out", out])
    return sized(ran, [path for path in out.rglob("*") if path.is_file()])


def run_alone(papers):
    """The exporter by itself, with issues that its example makes one at a time."""
    issues = max(papers // AN_ISSUE, 1)
    return sized(measure([ALONE, str(issues), str(papers // issues)]), [])


def run_feedgen(papers):
    feed = papers.with_name("feedgen.xml")
    return sized(measure([sys.executable, "-c", FEEDGEN, papers, feed]), [feed])


def run_npm(modules, papers):
    feed = papers.with_name("npm.xml")
    script = papers.with_name("npm.mjs")
    script.write_text(NPM, "utf-8")
    node = Path(sys.executable).with_name("node")
    return sized(measure([node, script, modules, papers, feed]), [feed])


def compare(papers, rounds, options, modules):
    """Prints the medians of all, and returns them by their names."""
    issues = max(papers // AN_ISSUE, 1)
    folder = years(issues, papers // issues)
    run_offprint(options.offprint, folder)
    handed = papers_of(folder, papers)
    programs = {
        "offprint": lambda: run_offprint(options.offprint, folder),
        "feedgen": lambda: run_feedgen(handed),
        "npm feed": lambda: run_npm(modules, handed),
    }
    if ALONE.exists():
        programs["offprint-rss alone"] = lambda: run_alone(papers)
    return rounds_of(programs, rounds, papers)


def promises_of(results):
    """What is promised of these series: a name, the value, and its bound."""
    wall, cpu, memory = 0, 1, 2
    promises = []
    for papers, programs in results.items():
        ours, feedgen = programs["offprint"], programs["feedgen"]
        if papers == 1_000:
            promises.append(("1,000 papers: time over feedgen's", ours[wall] / feedgen[wall], 0.15))
        if papers == 100_000:
            for name in ("offprint", "offprint-rss alone"):
                if name in programs:
                    ratio = programs[name][cpu] / feedgen[cpu]
                    promises.append((f"100,000 papers: CPU over feedgen's, {name}", ratio, 0.1))
            promises.append(("100,000 papers: CPU seconds", ours[cpu], 3))
            promises.append(("100,000 papers: MiB", ours[memory], 300))
    return promises


def main():
    arguments = parser(__doc__)
    arguments.set_defaults(papers=[1_000, 10_000, 100_000], rounds=3)
    options = arguments.parse_args()
    install("feedgen")
    modules = install_node("feed")
    results = {papers: compare(papers, options.rounds, options, modules) for papers in options.papers}
    judge(promises_of(results))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Time, memory and size of the WeChat article against those of juice and of wenyan.

All make HTML with inline styles of the same list, in turn, so that a noisy machine is noisy
for all; the ratios are those of the medians. juice inlines a short style sheet into what
markdown-it makes of the issue's Markdown; wenyan's core does all of it by itself. offprint
checks the list, divides it into articles that WeChat takes, looks for what WeChat would
refuse, and makes the preview page.
"""

import re
import shutil
import sys
from pathlib import Path

from measure import install_node, judge, measure, parser, reading_list, rounds_of, sized

STYLE = """
section { font-size: 16px; line-height: 1.75; color: #333 }
h1 { font-size: 22px } h2 { font-size: 19px; border-bottom: 2px solid #0f4c81 }
h3 { font-size: 17px; font-weight: bold } p { margin: 0 0 16px; text-align: justify }
ul { margin: 0 0 16px; padding-left: 20px } li { margin: 4px 0 } a { color: #576b95 }
code { font-size: 14px; background: #f5f7f6 } strong { color: #0f4c81 }
"""

JUICE = r'''
import fs from "node:fs"
import { createRequire } from "node:module"
const require = createRequire(process.argv[2] + "/x")
const juice = require("juice"), { default: inline = juice } = juice, MarkdownIt = require("markdown-it")
const html = new MarkdownIt().render(fs.readFileSync(process.argv[3], "utf8"))
fs.writeFileSync(process.argv[4], inline.inlineContent(`<section>${html}</section>`, process.argv[5]))
'''

WENYAN = r'''
import fs from "node:fs"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
const { JSDOM } = createRequire(process.argv[2] + "/x")("jsdom")
const { createWenyanCore } = await import(pathToFileURL(process.argv[2] + "/@wenyan-md/core/dist/core.js"))
const core = await createWenyanCore({ isWechat: true })
const html = await core.renderMarkdown(fs.readFileSync(process.argv[3], "utf8"))
const page = new JSDOM(`<body><section id="wenyan">${html}</section></body>`)
globalThis.document = page.window.document
const element = page.window.document.getElementById("wenyan")
const made = await core.applyStylesWithTheme(element, { themeId: "default",
    hlThemeId: "solarized-light", isMacStyle: false, isAddFootnote: true })
fs.writeFileSync(process.argv[4], made)
'''


def visible(html):
    return len(re.sub(r"<[^>]*>", "", html))


def run_offprint(program, folder):
    out = folder / "public"
    shutil.rmtree(out, ignore_errors=True)
    ran = measure([program, "build", "-q", folder, "--format", "wechat", "--out", out])
    return sized(ran, articles_of(out))


def articles_of(out):
    return [path for path in out.rglob("*.wechat*.html") if "preview" not in path.name]


def run_node(name, program, modules, folder, *more):
    script = folder / f"{name}.mjs"
    script.write_text(program, "utf-8")
    made = folder / f"{name}.html"
    ran = measure([Path(sys.executable).with_name("node"), script, modules, folder / "body.md", made, *more])
    return sized(ran, [made])


def body_of(folder):
    """The issue's Markdown without its front matter, for the peers."""
    (issue,) = (folder / "issues").glob("*.md")
    text = issue.read_text("utf-8").split("\n---\n", 1)[1]
    (folder / "body.md").write_text(text, "utf-8")


def compare(papers, rounds, options, modules):
    """Prints the medians of all, and returns them by their names."""
    folder = reading_list(papers)
    body_of(folder)
    programs = {
        "offprint": lambda: run_offprint(options.offprint, folder),
        "markdown-it + juice": lambda: run_node("juice", JUICE, modules, folder, STYLE),
        "wenyan": lambda: run_node("wenyan", WENYAN, modules, folder),
    }
    results = rounds_of(programs, rounds, papers)
    pages = {
        "offprint": articles_of(folder / "public"),
        "markdown-it + juice": [folder / "juice.html"],
        "wenyan": [folder / "wenyan.html"],
    }
    for name, files in pages.items():
        html = "".join(path.read_text("utf-8") for path in files)
        print(f"{name:>24}  {len(html) / visible(html):.2f} characters for one that is seen")
    return results


def main():
    arguments = parser(__doc__)
    arguments.set_defaults(papers=[10, 1_000])
    options = arguments.parse_args()
    modules = install_node("juice")
    results = {papers: compare(papers, options.rounds, options, modules) for papers in options.papers}
    if 1_000 in results:
        wall = 0
        ours, juice = (results[1_000][name][wall] for name in ("offprint", "markdown-it + juice"))
        judge([("1,000 papers: time over juice's", ours / juice, 0.08)])


if __name__ == "__main__":
    main()

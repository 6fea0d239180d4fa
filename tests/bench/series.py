#!/usr/bin/env python3
"""Time and memory of builds of a series that has run for years: the first build of all
formats, one with nothing changed, one after a change of one issue, and one after a setting
of the feeds changed.
"""

import shutil

from against_feedgen import sized
from measure import heading, judge, line, measure, medians, parser, years


def build(program, folder):
    out = folder / "public"
    ran = measure([program, "build", "-q", folder, "--out", out])
    return sized(ran, [path for path in out.rglob("*") if path.is_file()])


def compare(program, issues, papers, rounds):
    """Prints the medians of all builds, and returns them by their names."""
    folder = years(issues, papers)
    settings = folder / "offprint.toml"
    issue = sorted((folder / "issues").iterdir())[issues // 2]
    runs = {name: [] for name in ("first", "nothing changed", "an issue changed", "feeds changed")}
    for number in range(rounds):
        shutil.rmtree(folder / "public", ignore_errors=True)
        runs["first"].append(build(program, folder))
        runs["nothing changed"].append(build(program, folder))
        issue.write_text(issue.read_text("utf-8") + f"\n改动 {number}。\n", "utf-8")
        runs["an issue changed"].append(build(program, folder))
        text = settings.read_text("utf-8").partition("\n[feed]")[0]
        settings.write_text(f"{text}\n[feed]\nlimit = {400 + number}\n", "utf-8")
        runs["feeds changed"].append(build(program, folder))
    results = {name: medians(values) for name, values in runs.items()}
    print(f"\n{issues} issues of {papers} papers, medians of {rounds}")
    print(heading())
    for name, values in results.items():
        print(line(name, values), flush=True)
    return results


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--an-issue", type=int, default=10, help="how many papers an issue has")
    arguments.set_defaults(papers=[4_000], rounds=3)
    options = arguments.parse_args()
    promises = []
    for papers in options.papers:
        results = compare(options.offprint, papers // options.an_issue, options.an_issue, options.rounds)
        if papers == 4_000 and options.an_issue == 10:
            promises.append(("400 issues: seconds of the first build", results["first"][0], 20))
            promises.append(("400 issues: seconds, nothing changed", results["nothing changed"][0], 0.3))
    judge(promises)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Asks the W3C feed validator's own code about files, at the level of its web page (AA).

    w3c.py SOURCE [URL FILE]…

SOURCE is the folder of its repository, which is no package; lxml, html5lib and rdflib must
be installed. URL is where the file is published. Prints a finding a line, and at last how
many files were looked at.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(sys.argv[1]) / "src"))

import feedvalidator  # noqa: E402
from feedvalidator import compatibility  # noqa: E402
from feedvalidator.formatter.text_plain import Formatter  # noqa: E402


def main():
    pairs = list(zip(sys.argv[2::2], sys.argv[3::2]))
    for url, path in pairs:
        with open(path, "rb") as stream:
            events = feedvalidator.validateStream(stream, firstOccurrenceOnly=1, base=url)["loggedEvents"]
        events = compatibility.AA(events)
        for event, text in zip(events, Formatter(events)):
            print(f"{path}: {type(event).__name__}: {text}")
    print(f"{len(pairs)} looked at")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What readers that we did not write make of feeds: a JSON object with an entry a file.

    read.py FOLDER FILE…

The folder is served on the loopback, so that newsboat, which asks by HTTP, can fetch the
files; sfeed, feedparser and expat are handed their bytes. A list of subscriptions (`.opml`)
is imported by newsboat and sfeed.
"""

import calendar
import functools
import http.server
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from xml.parsers import expat

import feedparser


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def malformed(path):
    """What expat finds wrong with an XML file."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        return str(error)
    return None


def by_feedparser(path):
    # Its own cleaning would hide what the file holds.
    feed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    items = [
        {
            "guid": entry.get("id", ""),
            "title": entry.get("title", ""),
            "link": entry.get("link", ""),
            "authors": [author.get("name", "") for author in entry.get("authors", [])],
            "date": calendar.timegm(entry.get("published_parsed") or (0,) * 9),
            "tags": [tag.term for tag in entry.get("tags", [])],
            "content": (entry.get("content") or [{"value": entry.get("summary", "")}])[0]["value"],
            "enclosures": [enclosure.get("href", "") for enclosure in entry.get("enclosures", [])],
        }
        for entry in feed.entries
    ]
    fault = str(feed.bozo_exception) if feed.bozo else None
    about = feed.feed
    return {
        "version": feed.version,
        "fault": fault,
        "title": about.get("title", ""),
        "link": about.get("link", ""),
        "language": about.get("language", ""),
        "links": [[link.get("rel", ""), link.get("href", "")] for link in about.get("links", [])],
        "items": items,
    }


def newsboat(home, *arguments):
    command = ["newsboat", "-u", home / "urls", "-c", home / "cache.db", "-C", home / "config"]
    subprocess.run([*command, *arguments], env={**os.environ, "HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)


def by_newsboat(address, name):
    """The items of a feed, newest first as newsboat shows them."""
    # A cache for each: newsboat knows an id once, in whatever feed it came first.
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "config").touch()
        (home / "urls").write_text(f"{address}{name}\n", "utf-8")
        newsboat(home, "-x", "reload")
        database = sqlite3.connect(home / "cache.db")
        query = (
            "select guid, title, author, url, pubDate, content, enclosure_url from rss_item"
            " where deleted = 0 order by pubDate desc, id desc"
        )
        fields = ("guid", "title", "author", "link", "date", "content", "enclosure")
        return [dict(zip(fields, row)) for row in database.execute(query)]


def unescaped(field):
    """A field of sfeed's lines as it was."""
    return field.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")


def by_sfeed(path):
    ran = subprocess.run(["sfeed"], input=path.read_bytes(), capture_output=True, check=True)
    fields = ("date", "title", "link", "content", "type", "guid", "author", "enclosure", "tags")
    # Not `splitlines`, which parts lines at more than line feeds.
    lines = ran.stdout.decode().split("\n")[:-1]
    return [dict(zip(fields, map(unescaped, line.split("\t")))) for line in lines]


def subscriptions(path):
    """The addresses that programs import from a list of feeds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("config", "urls"):
            (home / name).touch()
        newsboat(home, "-i", path)
        lines = (home / "urls").read_text("utf-8").splitlines()
        urls = [line.split()[0] for line in lines if line.strip()]
    ran = subprocess.run(["sfeed_opml_import"], input=path.read_bytes(), capture_output=True, check=True)
    # Lines of a shell script: feed 'NAME' 'URL'
    quoted = [line.split("'") for line in ran.stdout.decode().splitlines() if "feed '" in line]
    return {"newsboat": urls, "sfeed": [parts[3] for parts in quoted if len(parts) > 3]}


def main():
    folder = Path(sys.argv[1])
    names = sys.argv[2:]
    address = serve(folder)
    told = {name: {"malformed": malformed(folder / name)} for name in names}
    for name in names:
        if name.endswith(".opml"):
            told[name]["subscriptions"] = subscriptions(folder / name)
        else:
            told[name]["feedparser"] = by_feedparser(folder / name)
            # It takes its time, and feeds in folders hold items of those that are in none.
            if "/" not in name:
                told[name]["newsboat"] = by_newsboat(address, name)
            told[name]["sfeed"] = by_sfeed(folder / name)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()

# Reads a catalogue with calibre's own client of OPDS, as its window "Get books" does:
# `calibre-debug -e catalogue.py -- FOLDER FILE…`. Prints a JSON array of the books of all
# files. calibre looks for the catalogue in a description of a search, which is made here.

import functools
import http.server
import json
import sys
import threading

from calibre.gui2.store.opensearch_store import open_search

SEARCH = """<?xml version="1.0"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/"><ShortName>books</ShortName>
<Url type="application/atom+xml" template="{address}{name}?q={{searchTerms}}"/></OpenSearchDescription>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        name = self.path.removeprefix("/search/")
        if name == self.path:
            return super().do_GET()
        body = SEARCH.format(address=address, name=name).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/opensearchdescription+xml")
        self.end_headers()
        self.wfile.write(body)


folder, *names = sys.argv[1:]
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
address = f"http://127.0.0.1:{server.server_port}/"
threading.Thread(target=server.serve_forever, daemon=True).start()
books = []
for name in names:
    for book in open_search(f"{address}search/{name}", "a", max_results=100_000):
        books.append(
            {
                "id": book.detail_item,
                "title": book.title,
                "author": book.author,
                "cover": book.cover_url or "",
                "downloads": book.downloads,
            }
        )
json.dump(books, sys.stdout)

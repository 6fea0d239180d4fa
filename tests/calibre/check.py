# Asks calibre's checker of books about those named, in one run: `calibre-debug -e check.py
# -- BOOK…`. Prints a finding a line, and at last how many books were looked at, because
# calibre's own browser may end the program without a word.

import sys

from calibre.ebooks.oeb.polish.check.main import run_checks
from calibre.ebooks.oeb.polish.container import get_container

for book in sys.argv[1:]:
    for finding in run_checks(get_container(book, tweak_mode=True)):
        message = " ".join(finding.msg.split())
        print(f"{book}: {finding.name}:{finding.line}: {message}")
print(f"{len(sys.argv) - 1} looked at")

# What is done often. `just --list` shows this.

# Build the example in all formats.
example:
    cargo run --release -p offprint-cli -- build fixtures/iclr-2021

# Install the validators and pass all tests.
test *args:
    tests/run {{ args }}

# Everything that CI runs.
ci:
    .ci/run

# Look at changed snapshots.
review:
    cargo insta review

# Licences, sources and banned crates; needs cargo-deny.
deny:
    cargo deny check bans licenses sources

# Write an issue of many papers to a folder, to measure with.
long papers folder:
    cargo run -q -p offprint-tests --example long -- {{ papers }} {{ folder }}

# Time and memory of a build of 1,000 papers.
measure papers="1000":
    just long {{ papers }} target/long
    cargo build --release -p offprint-cli
    /usr/bin/time -v target/release/offprint build target/long --out target/long/public

# Time, memory and size of the PDF against Typst's of the same list.
against-typst *args:
    tests/tools.sh
    cargo build --release -p offprint-cli
    target/tools/bin/python tests/bench/against_typst.py {{ args }}

# Time, memory and size of the EPUB against those of pandoc, calibre and EbookLib of the same list.
against-pandoc *args:
    tests/tools.sh
    cargo build --release -p offprint-cli
    target/tools/bin/python tests/bench/against_pandoc.py {{ args }}

# Time and memory of all feeds against feedgen's and npm's of the same papers.
against-feedgen *args:
    tests/tools.sh
    cargo build --release -p offprint-cli
    cargo build --release -p offprint-rss --example many
    target/tools/bin/python tests/bench/against_feedgen.py {{ args }}

# Time, memory and size of the WeChat article against those of juice and of wenyan.
against-juice *args:
    tests/tools.sh
    cargo build --release -p offprint-cli
    target/tools/bin/python tests/bench/against_juice.py {{ args }}

# Time and memory of builds after builds of a series that has run for years.
series *args:
    tests/tools.sh
    cargo build --release -p offprint-cli
    target/tools/bin/python tests/bench/series.py {{ args }}

# The W3C feed validator's own code about our feeds; FOLDER holds its repository, w3c/feedvalidator, which is no package.
feedvalidator folder:
    test -x target/feedvalidator/bin/python || python3 -m venv target/feedvalidator
    target/feedvalidator/bin/pip install -q --disable-pip-version-check lxml html5lib rdflib
    OFFPRINT_FEEDVALIDATOR={{ folder }} OFFPRINT_FEEDVALIDATOR_PYTHON=$PWD/target/feedvalidator/bin/python \
        cargo test -p offprint-tests --test feeds -- --ignored w3c

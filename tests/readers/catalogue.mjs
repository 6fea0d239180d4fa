// Reads catalogues with the OPDS client of foliate-js within Chromium, and prints what it
// makes of each: a line of JSON a file.
//
//   node catalogue.mjs [--modules DIR] FILE…

import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { launch } from './browser.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))

const { values: options, positionals: files } = parseArgs({
    allowPositionals: true,
    options: {
        modules: { type: 'string', default: path.join(here, '../../target/tools/node_modules') },
    },
})
const modules = path.resolve(options.modules)

async function read(source, xml) {
    const { getFeed, isOPDSCatalog, SYMBOL } = await import(`data:text/javascript;base64,${source}`)
    const doc = new DOMParser().parseFromString(xml, 'application/xml')
    const broken = doc.querySelector('parsererror')
    if (broken) throw new Error(broken.textContent)
    const feed = getFeed(doc)
    return {
        title: feed.metadata.title,
        pages: feed.links
            .filter(link => isOPDSCatalog(link.type))
            .map(link => [link.rel?.join(' ') ?? '', link.href]),
        publications: (feed.publications ?? []).map(({ metadata, links, images }) => ({
            title: metadata.title,
            authors: metadata.author.map(author => author.name),
            published: metadata.published ?? '',
            language: metadata.language ?? '',
            subjects: metadata.subject.map(subject => subject.name ?? ''),
            summary: metadata[SYMBOL.CONTENT]?.value ?? '',
            form: metadata[SYMBOL.CONTENT]?.type ?? '',
            images: images.map(image => image.href),
            downloads: links
                .filter(link => link.rel?.some(rel => rel.startsWith('http://opds-spec.org/acquisition')))
                .map(link => [link.type, link.href]),
        })),
    }
}

const source = fs.readFileSync(path.join(modules, 'foliate-js/opds.js')).toString('base64')
const browser = await launch(modules)
try {
    const page = await browser.newPage()
    for (const file of files) {
        const told = await page.evaluate(read, source, fs.readFileSync(file, 'utf8'))
        process.stdout.write(`${JSON.stringify(told)}\n`)
    }
} finally {
    await browser.close()
}

// Opens EPUBs in the engines of two readers, epub.js and foliate-js, within Chromium, and
// prints what a person would find there: a line of JSON for each book. With `--shots` it
// paints pages, too. Nothing leaves the machine: the engines, this folder and the books
// come from a server on the loopback, and every other request is refused and reported.
//
//   node read.mjs [--modules DIR] [--text] [--shots DIR [--screens N] [--only NAME,…]] BOOK…
//
//   --modules  the node_modules that hold the engines and Puppeteer
//   --text     print the text of each page, not only its length
//   --shots    write pictures of pages to DIR, `ENGINE-LOOK-PAGE-SCREEN.png`
//   --screens  the most screens to paint of one page, 2 unless told
//   --only     the pages to paint (`section-1.xhtml`), all of them unless told
//   --looks    the looks to paint, all of them unless told

import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { launch } from './browser.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))

const { values: options, positionals: books } = parseArgs({
    allowPositionals: true,
    options: {
        modules: { type: 'string', default: path.join(here, '../../target/tools/node_modules') },
        text: { type: 'boolean', default: false },
        shots: { type: 'string' },
        screens: { type: 'string', default: '2' },
        only: { type: 'string' },
        looks: { type: 'string' },
    },
})
const modules = path.resolve(options.modules)

const ENGINES = ['epubjs', 'foliate']

// How a reader may be set. `body` is what it says of the page's body, as readers do who
// leave the rest to the book.
const DARK = { background: '#111', color: '#ddd' }
const LOOKS = {
    light: { width: 700, height: 900, body: {} },
    dark: { width: 700, height: 900, body: DARK },
    night: { width: 700, height: 900, body: {}, prefersDark: true },
    phone: { width: 375, height: 667, body: {} },
    eink: { width: 600, height: 800, body: {} },
    large: { width: 700, height: 900, body: {}, size: 200 },
}

const TYPES = {
    '.css': 'text/css',
    '.epub': 'application/epub+zip',
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.json': 'application/json',
    '.mjs': 'text/javascript; charset=utf-8',
}

// Serves the modules, this folder and the books, whose addresses are their numbers.
function serve() {
    const server = http.createServer((request, response) => {
        const name = decodeURIComponent(new URL(request.url, 'http://x').pathname)
        const [, top, ...rest] = name.split('/')
        const file = {
            modules: () => path.join(modules, ...rest),
            readers: () => path.join(here, ...rest),
            books: () => path.resolve(books[Number.parseInt(rest[0], 10)] ?? ''),
        }[top]?.()
        const inside = file && !rest.includes('..')
        fs.readFile(inside ? file : '/nowhere', (error, bytes) => {
            const type = TYPES[path.extname(file ?? '')] ?? 'application/octet-stream'
            response.writeHead(error ? 404 : 200, { 'content-type': type })
            response.end(error ? 'not found' : bytes)
        })
    })
    return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}

// A page with one engine, and what went wrong on it since it was last asked.
async function open(browser, base, engine, look) {
    const page = await browser.newPage()
    const problems = []
    page.on('console', message => {
        const type = message.type()
        // Chromium's note about its own sandbox, for each page an engine shows.
        const sandbox = message.text().includes('allow-scripts and allow-same-origin')
        if ((type === 'error' || type === 'warn') && !sandbox)
            problems.push(`${type}: ${message.text()}`)
    })
    page.on('pageerror', error => problems.push(`exception: ${error.message}`))
    page.on('requestfailed', request =>
        problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`))
    page.on('response', response => {
        if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`)
    })
    await page.setRequestInterception(true)
    page.on('request', request => {
        const ours = request.url().startsWith(base) || /^(blob|data|about):/.test(request.url())
        if (ours) return request.continue()
        problems.push(`outside: ${request.url()}`)
        return request.abort()
    })
    const { width, height } = look
    await page.setViewport({ width, height })
    await page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: look.prefersDark ? 'dark' : 'light' },
    ])
    await page.goto(`${base}/readers/${engine}.html`, { waitUntil: 'load' })
    await page.waitForFunction('globalThis.engine')
    const told = () => problems.splice(0)
    return { page, told }
}

// On a narrow and dark page, where most goes wrong.
async function read(browser, base, engine, index) {
    const look = { ...LOOKS.phone, body: DARK }
    const { page, told } = await open(browser, base, engine, look)
    const address = `${base}/books/${index}.epub`
    const found = await page.evaluate(
        (address, look) => engine.open(address, look), address, look)
    found.problems = told()
    found.pages = []
    for (let number = 0; number < found.count; number += 1) {
        const shown = await page.evaluate(number => engine.show(number), number)
        if (!options.text) delete shown.text
        found.pages.push({ ...shown, problems: told() })
    }
    delete found.count
    found.contents = await page.evaluate(() => engine.contents())
    if (engine === 'epubjs') found.ncx = await page.evaluate(() => engine.ncx())
    found.problems.push(...told())
    await page.close()
    return found
}

async function paint(browser, base, engine, index, name, folder) {
    const look = LOOKS[name]
    const { page } = await open(browser, base, engine, look)
    const address = `${base}/books/${index}.epub`
    const { count } = await page.evaluate(
        (address, look) => engine.open(address, { ...look, paginated: true }), address, look)
    const only = options.only?.split(',')
    for (let number = 0; number < count; number += 1) {
        const file = await page.evaluate(number => engine.file(number), number)
        if (only && !only.includes(file)) continue
        await page.evaluate(number => engine.show(number), number)
        for (let screen = 1; screen <= Number(options.screens); screen += 1) {
            // Fonts and pictures settle.
            await new Promise(resolve => setTimeout(resolve, 150))
            const shot = `${engine}-${name}-${file.replace(/\W+/g, '_')}-${screen}.png`
            await page.screenshot({ path: path.join(folder, shot) })
            if (!await page.evaluate(number => engine.next(number), number)) break
        }
    }
    await page.close()
}

const server = await serve()
const base = `http://127.0.0.1:${server.address().port}`
const browser = await launch(modules)
try {
    for (const [index, book] of books.entries()) {
        const found = { book }
        for (const engine of ENGINES) found[engine] = await read(browser, base, engine, index)
        process.stdout.write(`${JSON.stringify(found)}\n`)
        if (options.shots) {
            const folder = books.length === 1 ? options.shots
                : path.join(options.shots, path.basename(book, '.epub'))
            fs.mkdirSync(folder, { recursive: true })
            const looks = options.looks?.split(',') ?? Object.keys(LOOKS)
            for (const engine of ENGINES)
                for (const look of looks) await paint(browser, base, engine, index, look, folder)
        }
    }
} finally {
    await browser.close()
    server.close()
}

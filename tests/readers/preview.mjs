// Drives the preview page of a WeChat article within Chromium as a person does: by mouse, by
// keyboard, by a screen reader's eyes; pastes what it copies into an editor; and prints what
// was found, a line of JSON. Nothing leaves the machine.
//
//   node preview.mjs [--modules DIR] [--shots DIR] TASK.json
//
// The task: `page` is the page's file; `files[theme][part]` the articles as they are written
// in each theme, `dark[theme][part]` the same in dark mode and `characters[theme][part]` how
// long WeChat finds them, in the order of the page's themes;
// `themes` are their names, `chosen` is the theme of the page's files, `groups` are the groups of checks to make.

import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

import { launch } from './browser.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const { values: options, positionals: [taskFile] } = parseArgs({
    allowPositionals: true,
    options: {
        modules: { type: 'string', default: path.join(here, '../../target/tools/node_modules') },
        shots: { type: 'string' },
    },
})
const modules = path.resolve(options.modules)
const task = JSON.parse(fs.readFileSync(taskFile, 'utf8'))
const axe = fs.readFileSync(path.join(modules, 'axe-core/axe.min.js'), 'utf8')
const chosen = task.chosen ?? 0
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))

// What was found: under each name, what was not as it should be.
const found = {}
function check(name, ...faults) {
    found[name] = [...found[name] ?? [], ...faults.flat().filter(Boolean)]
}

// The page, and an editor that is given nothing but what is pasted.
const EDITOR = `<!DOCTYPE html><meta charset="utf-8"><title>Editor</title>
<div contenteditable style="min-height:100px"></div>
<script>
let pasted = {}
document.addEventListener('paste', event => {
    pasted = { html: event.clipboardData.getData('text/html'), plain: event.clipboardData.getData('text/plain') }
    event.preventDefault()
})
</script>`
const server = http.createServer((request, response) => {
    const body = request.url === '/editor' ? EDITOR : fs.readFileSync(task.page)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(body)
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${server.address().port}`
const ADDRESSES = { file: pathToFileURL(task.page).href, http: `${base}/preview.html` }

const browser = await launch(modules)

async function open(name, address, { width = 1280, height = 900, scheme = 'light', js = true, before } = {}) {
    const page = await browser.newPage()
    const client = await page.createCDPSession()
    page.on('console', message => {
        if (['error', 'warn'].includes(message.type())) check(`${name}: console`, message.text())
    })
    page.on('pageerror', error => check(`${name}: console`, error.message))
    check(`${name}: console`)
    check(`${name}: requests`)
    await page.setRequestInterception(true)
    page.on('request', request => {
        if (request.url() === address || request.url().startsWith('data:')) return request.continue()
        check(`${name}: requests`, request.url())
        return request.abort()
    })
    await page.setViewport({ width, height })
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await page.setJavaScriptEnabled(js)
    if (before) await page.evaluateOnNewDocument(before)
    await page.goto(address, { waitUntil: 'load' })
    await page.bringToFront()
    return { page, client }
}

const editor = await browser.newPage()
await editor.goto(`${base}/editor`)

// What an editor gets by Ctrl+V.
async function paste(page) {
    await editor.bringToFront()
    await editor.focus('[contenteditable]')
    await editor.evaluate('pasted = {}')
    await editor.keyboard.down('Control')
    await editor.keyboard.press('KeyV', { commands: ['Paste'] })
    await editor.keyboard.up('Control')
    const pasted = await editor.evaluate('pasted')
    await page.bringToFront()
    return pasted
}

// The clipboard is emptied of what earlier tests left there.
async function forget(page) {
    await editor.bringToFront()
    await editor.evaluate(() => {
        const fill = event => {
            event.clipboardData.setData('text/plain', 'nothing yet')
            event.preventDefault()
        }
        document.addEventListener('copy', fill, { once: true })
        document.execCommand('copy')
    })
    await page.bringToFront()
}

// Elements, attributes and words in one spelling: what a browser makes of HTML. What
// surrounds a fragment on the clipboard is not its content.
function canonical(html) {
    const doc = new DOMParser().parseFromString(html, 'text/html')
    const told = node => {
        if (node.nodeType === Node.TEXT_NODE) return node.data
        if (node.nodeType !== Node.ELEMENT_NODE) return ''
        const attributes = [...node.attributes].map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`)
        return `\n<${node.localName}${attributes.sort().join('')}>${[...node.childNodes].map(told).join('')}</>`
    }
    doc.body.normalize()
    return [...doc.body.childNodes].map(told).join('').trim()
}

// The words that a browser shows of HTML in a column as wide as the phone's.
function shown(html) {
    const column = document.createElement('div')
    column.style.width = '335px'
    column.innerHTML = html
    for (const image of column.querySelectorAll('img')) image.removeAttribute('src')
    document.body.append(column)
    const text = column.innerText
    column.remove()
    return text
}

const squeezed = text => text.replace(/\s+/g, ' ').trim()

function differ(what, got, wanted) {
    if (got === wanted) return null
    let at = 0
    while (got[at] === wanted[at]) at += 1
    const cut = text => JSON.stringify(text.slice(Math.max(at - 60, 0), at + 60))
    return `${what} differs: ${cut(got)} instead of ${cut(wanted)}`
}

// `base` is the page's address where Chromium makes addresses in HTML whole by it.
async function compare(what, pasted, file, base) {
    const html = fs.readFileSync(file, 'utf8')
    const whole = base
        ? html.replace(/(<img src=")([^"]*)/g, (_, before, address) => before + new URL(address, base).href)
        : html
    const [got, wanted] = await editor.evaluate(
        `[${JSON.stringify(pasted.html ?? '')}, ${JSON.stringify(whole)}].map(${canonical})`)
    const words = await editor.evaluate(`(${shown})(${JSON.stringify(html)})`)
    return [
        differ(`${what}: HTML`, got, wanted),
        differ(`${what}: text`, squeezed(pasted.plain ?? ''), squeezed(words)),
    ]
}

async function choose(page, name, value) {
    const input = await page.$(`input[name=${name}][value="${value}"]`)
    if (input) await input.evaluate(input => input.click())
    return Boolean(input)
}

async function copy(page, kind = 'article') {
    await forget(page)
    await page.evaluate(() => { document.getElementById('message').textContent = '' })
    await page.click(`[data-copies=${kind}]`)
    const either = [words[`copied_${kind}`], words.failed]
    await page.waitForFunction(either => either.includes(document.getElementById('message').textContent), {}, either)
    return page.evaluate(() => ({
        text: document.getElementById('message').textContent,
        failed: document.getElementById('message').classList.contains('failed'),
    }))
}

const words = await (async () => {
    const { page } = await open('file', ADDRESSES.file)
    const words = await page.evaluate(() => JSON.parse(document.getElementById('data').textContent).words)
    const counts = await page.evaluate(() => ['part', 'theme'].map(name => document.querySelectorAll(`input[name=${name}]`).length || 1))
    check('counts', differ('parts', String(counts[0]), String(task.files[0].length)),
        differ('themes', String(counts[1]), String(task.themes.length)))
    await page.close()
    return words
})()

// What keeps a page from the newer ways of copying.
const WAYS = {
    item: null,
    missing: () => { delete window.ClipboardItem },
    refused: () => {
        navigator.clipboard.write = () => Promise.reject(new DOMException('refused', 'NotAllowedError'))
    },
    // No promises in items.
    early: () => {
        const { ClipboardItem } = window
        window.ClipboardItem = function (types) {
            if (Object.values(types).some(it => it instanceof Promise)) throw new TypeError('no blob')
            return new ClipboardItem(types)
        }
    },
}

async function copying() {
    for (const [name, address] of Object.entries(ADDRESSES)) {
        await browser.defaultBrowserContext().overridePermissions(new URL(base).origin,
            ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write'])
        for (const [way, before] of Object.entries(WAYS)) {
            const { page } = await open(name, address, { before })
            for (const [theme, files] of task.files.entries())
                for (const [part, file] of files.entries())
                    for (const mode of ['light', 'dark']) {
                        // The other ways differ in nothing but how the content gets out.
                        if (way !== 'item' && (theme > 1 || part > 1)) continue
                        await choose(page, 'theme', theme)
                        await choose(page, 'part', part)
                        await choose(page, 'mode', mode)
                        const what = `theme ${theme}, part ${part}, ${mode}`
                        const said = await copy(page)
                        check(`${name}: copy, ${way}`, differ(`${what}: message`, said.text, words.copied_article),
                            await compare(what, await paste(page), file, way === 'item' ? address : null))
                    }
            await page.close()
        }

        // Nothing lets the page copy: what is wanted is selected, and copied by hand as it should be.
        const { page } = await open(name, address, {
            before: () => {
                delete window.ClipboardItem
                document.execCommand = () => false
            },
        })
        const last = task.files.length - 1
        await choose(page, 'theme', last)
        await choose(page, 'mode', 'dark')
        const said = await copy(page)
        check(`${name}: copying refused`, differ('message', said.text, words.failed), !said.failed && 'it looks like success')
        await page.keyboard.down('Control')
        await page.keyboard.press('KeyC', { commands: ['Copy'] })
        await page.keyboard.up('Control')
        check(`${name}: copying refused`, await compare('by hand', await paste(page), task.files[last][0]))
        await page.close()

        // The shorter things.
        const { page: short } = await open(name, address)
        for (const kind of ['title', 'digest', 'url']) {
            const wanted = await short.evaluate(kind =>
                document.querySelector(`[data-part="0"] [data-holds=${kind}], [data-report="0"] [data-holds=${kind}]`)?.textContent, kind)
            const enabled = await short.$(`[data-copies=${kind}]:enabled`)
            check(`${name}: copy ${kind}`, Boolean(enabled) !== Boolean(wanted) && 'the button does not fit')
            if (!enabled) continue
            const said = await copy(short, kind)
            const pasted = await paste(short)
            check(`${name}: copy ${kind}`, differ('message', said.text, words[`copied_${kind}`]),
                differ('text', pasted.plain, wanted), differ('HTML', pasted.html, ''))
        }
        await short.close()
    }
}

// Once, by the newest way: what is copied is the file, and the title as it is.
async function copyingOnce() {
    const { page } = await open('file', ADDRESSES.file)
    await copy(page)
    check('copied once', await compare('article', await paste(page), task.files[chosen][0], ADDRESSES.file))
    const title = await page.evaluate(() => document.querySelector('[data-holds=title]').textContent)
    await copy(page, 'title')
    check('copied once', differ('title', (await paste(page)).plain, title),
        task.title && differ('title', title, task.title))
    await page.close()
}

// A part of the article selected by hand, in dark: it leaves in light, and with its theme.
async function selecting() {
    const { page } = await open('file', ADDRESSES.file)
    await choose(page, 'mode', 'dark')
    await page.evaluate(() => {
        const words = document.createTreeWalker(document.querySelector('.shown [data-holds=article]'), NodeFilter.SHOW_TEXT)
        while (words.nextNode() && words.currentNode.data.trim().length < 6);
        getSelection().setBaseAndExtent(words.currentNode, 1, words.currentNode, 5)
    })
    const wanted = await page.evaluate(() => getSelection().toString())
    await forget(page)
    await page.keyboard.down('Control')
    await page.keyboard.press('KeyC', { commands: ['Copy'] })
    await page.keyboard.up('Control')
    const pasted = await paste(page)
    const light = fs.readFileSync(task.files[chosen][0], 'utf8').match(/style="([^"]*)"/)[1]
    check('selection', differ('text', pasted.plain, wanted),
        !pasted.html.includes(light.replaceAll('&', '&amp;')) && `not in light: ${pasted.html.slice(0, 200)}`,
        /data-look|data-address/.test(pasted.html) && 'marks of the page leave it')
    await page.close()
}

// Dark mode: each element's colours are those of the article that was converted.
const COLOURS = ['color', 'background-color', 'border-top-color', 'border-bottom-color', 'border-left-color',
    'border-right-color', 'background-image', 'box-shadow', 'text-shadow']
function colours(html, names) {
    const article = document.querySelector('.shown [data-holds=article]')
    let told = article
    if (html !== null) {
        told = article.cloneNode(false)
        told.innerHTML = html
        for (const image of told.querySelectorAll('img')) image.removeAttribute('src')
        article.after(told)
    }
    // What has no box of its own is not in the file.
    const boxes = [...told.querySelectorAll('*')].filter(element => element.style.display !== 'contents')
    const list = boxes.map(element => {
        const style = getComputedStyle(element)
        const own = names.map(name => `${name}: ${style.getPropertyValue(name)}`)
        return `${element.localName} ${element.textContent.slice(0, 20)} ${own.join('; ')}`
    })
    if (html !== null) told.remove()
    return list
}
async function darkening() {
    const { page } = await open('file', ADDRESSES.file)
    check('dark')
    for (const [theme, files] of task.dark.entries())
        for (const [part, file] of files.entries()) {
            await choose(page, 'theme', theme)
            await choose(page, 'part', part)
            await choose(page, 'mode', 'light')
            const light = await page.evaluate(colours, null, COLOURS)
            await choose(page, 'mode', 'dark')
            const dark = await page.evaluate(colours, null, COLOURS)
            const wanted = await page.evaluate(colours, fs.readFileSync(file, 'utf8'), COLOURS)
            const what = `theme ${theme}, part ${part}`
            check('dark', differ(what, dark.join('\n'), wanted.join('\n')),
                light.every((told, index) => told === dark[index]) && `${what}: nothing becomes dark`)
        }
    await page.close()
}

// What axe finds, in every look of the page itself, and of the article.
async function seeing() {
    for (const scheme of ['light', 'dark'])
        for (const width of [1280, 375]) {
            const { page } = await open('file', ADDRESSES.file, { scheme, width })
            await page.evaluate(axe)
            for (const theme of task.files.keys())
                for (const mode of ['light', 'dark']) {
                    // What the page around it looks like is nothing to a theme.
                    if (theme !== chosen && (scheme === 'dark' || width === 375)) continue
                    await choose(page, 'theme', theme)
                    await choose(page, 'mode', mode)
                    await page.evaluate(() => {
                        for (const details of document.querySelectorAll('details')) details.open = true
                    })
                    // Colours change by degrees.
                    await pause(300)
                    // How well an article's colours are told apart is asked of themes elsewhere.
                    const violations = await page.evaluate(async () => {
                        const article = '.shown [data-holds=article]'
                        const around = await globalThis.axe.run({ exclude: [[article]] })
                        const within = await globalThis.axe.run(article, { rules: { 'color-contrast': { enabled: false } } })
                        return [...around.violations, ...within.violations]
                    })
                    check('axe', violations.flatMap(({ id, nodes }) => nodes.map(node =>
                        `${scheme}, ${width}, theme ${theme}, ${mode}: ${id}: ${node.html.slice(0, 120)} ${node.failureSummary}`)))
                }
            await page.close()
        }
}

// By keyboard alone: every control is reached in the order in which it stands, seen when it
// has the focus, and does what it says.
async function typing() {
    const { page } = await open('file', ADDRESSES.file)
    const reached = []
    for (let step = 0; step < 400; step += 1) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
            const element = document.activeElement
            if (!element || element === document.body) return null
            const seen = element.matches('input') ? element.nextElementSibling : element
            const { outlineStyle, outlineWidth } = getComputedStyle(seen)
            const box = seen.getBoundingClientRect()
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10))
            const holder = element.closest('label') ?? element
            return {
                name: element.name || element.dataset.copies || element.localName,
                ringed: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
                covered: !(top && (holder.contains(top) || top.contains(holder))) && `${seen.outerHTML.slice(0, 80)} under ${top?.outerHTML.slice(0, 80)}`,
            }
        })
        if (!at) break
        reached.push(at.name)
        check('keyboard', !at.ringed && `no ring around ${at.name}`, at.covered && `covered: ${at.covered}`)
    }
    const order = ['article', 'title', 'digest', 'url', 'part', 'theme', 'width', 'mode']
    const there = await page.evaluate(order => order.filter(name =>
        document.querySelector(`[data-copies=${name}], input[name=${name}]`)), order)
    check('keyboard', differ('order', reached.slice(0, there.length).join(), there.join()))

    // Back to the start, then arrows and the space bar.
    await page.focus('[data-copies=article]')
    await forget(page)
    await page.focus('[data-copies=article]')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.getElementById('message').textContent)
    check('keyboard', await compare('copied by Enter', await paste(page), task.files[chosen][0], ADDRESSES.file))
    await page.focus('input[name=mode]:checked')
    await page.keyboard.press('ArrowDown')
    check('keyboard', await page.evaluate(() => document.querySelector('main').dataset.mode) !== 'dark' && 'the arrow does not change the mode')
    await page.focus('input[name=width]:checked')
    await page.keyboard.press('ArrowDown')
    const width = await page.evaluate(() => document.querySelector('.shown').getBoundingClientRect().width)
    check('keyboard', width !== 414 && `the arrow gives a width of ${width}`)
    await page.close()
}

// Widths, and a phone's own width: nothing sticks out, nothing moves while it loads.
async function measuring() {
    for (const window of [375, 320, 1280]) {
        const { page } = await open('file', ADDRESSES.file, {
            width: window,
            before: () => {
                window.shifts = []
                new PerformanceObserver(list => {
                    for (const shift of list.getEntries()) window.shifts.push(shift.value)
                }).observe({ type: 'layout-shift', buffered: true })
            },
        })
        await pause(300)
        const shifts = await page.evaluate(() => window.shifts.reduce((sum, value) => sum + value, 0))
        check('shifts', shifts > 0.001 && `${window}: ${shifts}`)
        for (const width of [320, 375, 414]) {
            await choose(page, 'width', width)
            const told = await page.evaluate(() => ({
                phone: document.querySelector('.shown').getBoundingClientRect().width,
                scroll: document.documentElement.scrollWidth,
                wide: [...document.querySelectorAll('.shown [data-holds=article] *')].filter(element => {
                    const box = element.getBoundingClientRect()
                    const scroller = element.closest('[style*=overflow]')
                    return box.right > document.querySelector('.shown').getBoundingClientRect().right + 1 && !scroller
                }).map(element => element.outerHTML.slice(0, 100)),
            }))
            check('widths', told.phone !== Math.min(width, window) && `${width} in ${window}: the phone has ${told.phone}`,
                told.scroll > window && `${width} in ${window}: the page has ${told.scroll}`,
                told.wide.map(element => `${width} in ${window}: ${element} sticks out`))
        }
        await page.close()
    }
}

// What the report says is what is there.
async function reporting() {
    const { page } = await open('file', ADDRESSES.file)
    for (const [theme, files] of task.files.entries())
        for (const part of files.keys()) {
            await choose(page, 'theme', theme)
            await choose(page, 'part', part)
            const told = await page.evaluate(() => ({
                characters: document.querySelector('.report.shown [data-measure=characters] .value').textContent,
                references: document.querySelectorAll('.report.shown details li').length,
                visible: document.querySelectorAll('[data-part].shown, [data-report].shown').length,
                lost: [...document.querySelectorAll('.shown img[data-address]')].filter(image => !image.naturalWidth).map(image => image.dataset.address),
            }))
            const length = task.characters[theme][part].toLocaleString('en-US')
            const what = `theme ${theme}, part ${part}`
            check('report', differ(`${what}: characters`, told.characters.split(' ')[0], length),
                told.visible !== 2 && `${what}: ${told.visible} things are shown`,
                told.lost.map(address => `${what}: ${address} is not shown`))
        }
    await page.close()
}

async function withoutScript() {
    const { page } = await open('file', ADDRESSES.file, { js: false })
    const told = await page.evaluate(() => ({
        text: [...document.querySelectorAll('[data-holds=article]')].map(it => it.innerText),
        controls: [...document.querySelectorAll('button, input')].filter(it => it.checkVisibility()).length,
        note: document.querySelector('noscript')?.textContent.trim() ?? '',
    }))
    for (const [part, file] of task.files[chosen].entries()) {
        const wanted = await editor.evaluate(`(${shown})(${JSON.stringify(fs.readFileSync(file, 'utf8'))})`)
        check('without script', differ(`part ${part}`, squeezed(told.text[part] ?? ''), squeezed(wanted)))
    }
    check('without script', told.controls && `${told.controls} controls that do nothing`,
        !told.note.includes('JavaScript') && 'nothing says why')
    await page.close()
}

async function printing() {
    const { page } = await open('file', ADDRESSES.file)
    await choose(page, 'mode', 'dark')
    await page.evaluate(() => {
        window.printed = []
        addEventListener('beforeprint', () => window.printed.push(document.querySelector('main').dataset.mode))
        addEventListener('afterprint', () => window.printed.push(document.querySelector('main').dataset.mode))
    })
    await page.pdf()
    check('paper', differ('modes', (await page.evaluate(() => window.printed)).join(), 'light,dark'))
    await page.emulateMediaType('print')
    const seen = await page.evaluate(() => ['header', 'aside', 'main'].map(name => document.querySelector(name).checkVisibility()))
    check('paper', differ('seen', seen.join(), 'false,false,true'))
    await page.close()
}

const GROUPS = { copying, copyingOnce, selecting, darkening, seeing, typing, measuring, reporting, withoutScript, printing }
for (const group of task.groups ?? Object.keys(GROUPS)) await GROUPS[group]()

if (options.shots) {
    fs.mkdirSync(options.shots, { recursive: true })
    const { page } = await open('file', ADDRESSES.file, { height: 1200 })
    for (const [theme, files] of task.files.entries())
        for (const [part] of files.entries())
            for (const width of [320, 375, 414])
                for (const mode of ['light', 'dark']) {
                    await choose(page, 'theme', theme)
                    await choose(page, 'part', part)
                    await choose(page, 'width', width)
                    await choose(page, 'mode', mode)
                    await pause(100)
                    const phone = await page.$('.phone.shown')
                    await phone.screenshot({ path: path.join(options.shots, `${theme}-${part}-${width}-${mode}.png`) })
                }
    await page.close()
}

await browser.close()
server.close()
process.stdout.write(`${JSON.stringify(found)}\n`)

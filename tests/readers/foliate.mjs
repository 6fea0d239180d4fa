// foliate-js, asked what it shows.

import { makeBook } from '/modules/foliate-js/view.js'
import { look, picture, settle, sheet } from './look.mjs'

const list = value => value === undefined ? [] : [].concat(value)
// A name in one language or in several.
const words = value => {
    const name = value?.name ?? value
    return typeof name === 'object' && name ? Object.values(name)[0] : name ?? null
}

let book
let view

async function found(href) {
    const target = book.resolveHref(href)
    if (!target) return false
    if (!href.includes('#')) return true
    const doc = await book.sections[target.index].createDocument()
    return Boolean(target.anchor(doc))
}

async function tree(entries) {
    const out = []
    for (const { label, href, subitems } of entries ?? [])
        out.push({ label, href, found: await found(href), entries: await tree(subitems) })
    return out
}

globalThis.engine = {
    async open(address, set) {
        book = await makeBook(address)
        view = document.createElement('foliate-view')
        document.body.append(view)
        await view.open(book)
        view.renderer.setAttribute('flow', set.paginated ? 'paginated' : 'scrolled')
        view.renderer.setAttribute('max-column-count', '1')
        view.renderer.setStyles(sheet(set))
        const { metadata } = book
        const series = list(metadata.belongsTo?.series)[0]
        return {
            metadata: {
                title: words(metadata.title),
                authors: list(metadata.author).map(words),
                editors: list(metadata.editor).map(words),
                language: list(metadata.language).join(' '),
                publisher: words(metadata.publisher),
                series: words(series),
                position: series?.position ?? null,
                description: metadata.description ?? null,
                identifier: metadata.identifier ?? null,
                others: list(metadata.altIdentifier),
                source: list(metadata.source),
                subjects: list(metadata.subject).map(words),
                published: metadata.published ?? null,
                modified: metadata.modified ?? null,
                rights: metadata.rights ?? null,
                direction: book.dir ?? null,
            },
            landmarks: (book.landmarks ?? []).map(({ label, href, type }) => ({ label, href, type })),
            cover: await picture(await book.getCover()),
            count: book.sections.length,
        }
    },
    file: number => book.sections[number].id.split('/').pop(),
    async show(number) {
        await view.goTo(number)
        const { doc } = view.renderer.getContents()[0]
        await settle(doc)
        return { file: engine.file(number), ...look(doc) }
    },
    async next(number) {
        await view.next()
        return view.renderer.getContents()[0].index === number
    },
    contents: () => tree(book.toc),
}

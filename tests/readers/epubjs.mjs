// epub.js, asked what it shows.

import { look, picture, settle, sheet } from './look.mjs'

const text = value => value || null
let book
let rendition

// Whether an entry's target is there, by epub.js's own way to find it.
async function found(href) {
    const section = book.spine.get(href)
    if (!section) return false
    const fragment = href.split('#')[1]
    if (!fragment) return true
    await section.load(book.load.bind(book))
    return Boolean(section.document.getElementById(decodeURIComponent(fragment)))
}

async function tree(entries) {
    const out = []
    for (const { label, href, subitems } of entries)
        out.push({ label: label.trim(), href, found: await found(href), entries: await tree(subitems) })
    return out
}

globalThis.engine = {
    async open(address, set) {
        const bytes = await (await fetch(address)).arrayBuffer()
        book = ePub(bytes)
        await book.ready
        const cover = await book.coverUrl()
        const { metadata } = book.packaging
        rendition = book.renderTo('area', {
            width: '100%',
            height: '100%',
            spread: 'none',
            flow: set.paginated ? 'paginated' : 'scrolled-doc',
        })
        rendition.hooks.content.register(contents => {
            const style = contents.document.createElement('style')
            style.textContent = sheet(set)
            contents.document.head.append(style)
        })
        return {
            metadata: {
                title: text(metadata.title),
                authors: metadata.creator ? [metadata.creator] : [],
                language: text(metadata.language),
                publisher: text(metadata.publisher),
                description: text(metadata.description),
                identifier: text(metadata.identifier),
                published: text(metadata.pubdate),
                modified: text(metadata.modified_date),
                rights: text(metadata.rights),
                direction: text(metadata.direction),
            },
            cover: cover ? await picture(await (await fetch(cover)).blob()) : null,
            count: book.spine.length,
        }
    },
    file: number => book.spine.get(number).href,
    async show(number) {
        await rendition.display(number)
        const { document: doc } = rendition.getContents()[0]
        await settle(doc)
        return { file: book.spine.get(number).href, ...look(doc) }
    },
    // Turns the page; false when the next screen belongs to another page of the book.
    async next(number) {
        await rendition.next()
        return rendition.location?.start.index === number
    },
    contents: () => tree(book.navigation.toc),
    // The contents for readers of EPUB 2.
    async ncx() {
        const { packaging } = book
        const navigation = await book.loadNavigation({ ...packaging, navPath: false })
        return tree(navigation.toc)
    },
}

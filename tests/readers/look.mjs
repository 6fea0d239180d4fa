// What both engines are asked about a page that they show.

// The colour that a browser gives links where nobody says another.
const LINK = 'rgb(0, 0, 238)'

// Text as a person sees it, without folded and hidden parts; what sticks out of a page as
// wide as the window; pictures and style sheets that do not come; text that has a colour of
// its own, which dark pages swallow.
export function look(doc) {
    const { body } = doc
    const view = doc.defaultView
    const name = element => {
        const id = element.id ? `#${element.id}` : ''
        const text = element.textContent.trim().slice(0, 20)
        return `${element.localName}${id} ${text}`
    }
    const elements = [...body.querySelectorAll('*')]
    const width = doc.documentElement.clientWidth
    const wide = elements.filter(element => {
        const box = element.getBoundingClientRect()
        return box.width > 0 && (box.right > width + 1 || box.left < -1)
    })
    const colour = view.getComputedStyle(body).color
    const coloured = elements.filter(element => {
        const style = view.getComputedStyle(element)
        const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        const link = element.closest('a')
        return own && !link && style.color !== colour
    })
    const blue = [...body.querySelectorAll('a')].filter(element =>
        element.textContent.trim() && view.getComputedStyle(element).color === LINK)
    const pictures = [...doc.querySelectorAll('img')]
    const sheets = [...doc.querySelectorAll('link[rel~=stylesheet]')]
    return {
        text: body.innerText,
        characters: body.innerText.replace(/\s/g, '').length,
        wide: wide.map(name),
        coloured: coloured.map(name),
        blue: blue.map(name),
        lost: [
            ...pictures.filter(img => !img.naturalWidth).map(img => img.alt || name(img)),
            ...sheets.filter(link => !link.sheet).map(link => link.href),
        ],
        pictures: pictures.length,
        title: doc.title,
        lang: doc.documentElement.lang,
    }
}

// Opens what is folded, as a person would to read all of it, and waits for pictures and
// style sheets, for ten seconds at the most.
export async function settle(doc) {
    for (const details of doc.querySelectorAll('details')) details.open = true
    const links = [...doc.querySelectorAll('link[rel~=stylesheet]')]
    const late = performance.now() + 10_000
    while (performance.now() < late) {
        const images = [...doc.images].every(img => img.complete)
        if (images && links.every(link => link.sheet)) break
        await new Promise(resolve => setTimeout(resolve, 10))
    }
}

// The style sheet of a reader that is set so.
export function sheet({ body, size, prefersDark }) {
    const rules = Object.entries(body).map(([name, value]) => `${name}: ${value}`)
    return `html, body { ${rules.join('; ')} }
        html { ${size ? `font-size: ${size}%;` : ''} ${prefersDark ? 'color-scheme: light dark' : ''} }`
}

export async function picture(blob) {
    if (!blob) return null
    const { width, height } = await createImageBitmap(blob)
    return { type: blob.type, bytes: blob.size, width, height }
}

//! Links and the places that they lead to.

use std::io::Write as _;

use super::Facts;
use super::file::{File, Id, push_literal, push_number, push_text};
use super::structure::Annotation;
use crate::page::{Anchor, Link, Target};

/// Writes an annotation for each link, in the order of pages.
pub(super) fn write(file: &mut File, facts: &Facts<'_>, pages: &[Id]) -> Vec<Annotation> {
    let mut annotations = Vec::new();
    for (number, (page, &id)) in facts.pages.pages.iter().zip(pages).enumerate() {
        for link in &page.links {
            let parent = pages.len() + annotations.len();
            if let Some(body) = annotation(link, id, parent, pages, facts) {
                annotations.push(Annotation {
                    element: link.element,
                    page: number as u32,
                    id: file.add(&body),
                });
            }
        }
    }
    annotations
}

fn annotation(
    link: &Link,
    page: Id,
    parent: usize,
    pages: &[Id],
    facts: &Facts<'_>,
) -> Option<Vec<u8>> {
    let mut body = b"<</Type/Annot/Subtype/Link/Rect[".to_vec();
    for edge in [
        link.x,
        facts.height - link.y - link.height,
        link.x + link.width,
        facts.height - link.y,
    ] {
        push_number(&mut body, edge);
        body.push(b' ');
    }
    // Flag 4: printed with the page (ISO 32000-1, table 165).
    let _ = write!(
        body,
        "]/Border[0 0 0]/F 4/P {page}/StructParent {parent}/Contents"
    );
    push_text(&mut body, &link.words);
    match &link.target {
        Target::Url(url) => {
            body.extend_from_slice(b"/A<</S/URI/URI");
            push_literal(&mut body, ascii_url(url));
            body.extend_from_slice(b">>");
        }
        Target::Anchor(anchor) => {
            body.extend_from_slice(b"/Dest");
            push_destination(&mut body, *anchor, pages, facts)?;
        }
    }
    body.extend_from_slice(b">>");
    Some(body)
}

/// Adds the place of an anchor; `None` for one that stands nowhere.
pub(super) fn push_destination(
    body: &mut Vec<u8>,
    anchor: Anchor,
    pages: &[Id],
    facts: &Facts<'_>,
) -> Option<()> {
    let spot = facts.pages.spots.get(&anchor)?;
    let page = pages.get(spot.page)?;
    let _ = write!(body, "[{page}/XYZ null ");
    // A little above, so that the line is not cut by the window's edge.
    push_number(body, (facts.height - spot.y + 8.0).min(facts.height));
    body.extend_from_slice(b" null]");
    Some(())
}

/// Writes the tree of named destinations, `#paper-…` and `#section-…` of an address.
pub(super) fn write_names(file: &mut File, facts: &Facts<'_>, pages: &[Id]) -> Id {
    let mut body = b"<</Names[".to_vec();
    for (name, &anchor) in &facts.names {
        let mut place = Vec::new();
        if push_destination(&mut place, anchor, pages, facts).is_some() {
            push_literal(&mut body, name.bytes());
            body.extend_from_slice(&place);
        }
    }
    body.extend_from_slice(b"]>>");
    file.add(&body)
}

/// An address in ASCII alone, as a PDF's links must be.
fn ascii_url(url: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() {
            out.push(byte);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_ascii() {
        assert_eq!(
            ascii_url("https://a.cn/论 文"),
            b"https://a.cn/%E8%AE%BA%20%E6%96%87"
        );
    }
}

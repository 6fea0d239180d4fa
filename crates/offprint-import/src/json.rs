//! Where the items of a JSON array stand.

use std::ops::Range;

/// The spans of the items of the array that `text` is, cut at commas; an item that is broken
/// keeps its place.
pub(crate) fn items(text: &str) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut is_escaped = false;
    let mut start = None;
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = is_escaped || byte != b'"';
            is_escaped = byte == b'\\' && !is_escaped;
            continue;
        }
        match byte {
            b'"' => {
                in_string = true;
                start = start.or(Some(at));
            }
            b'[' | b'{' => {
                depth += 1;
                if depth > 1 {
                    start = start.or(Some(at));
                }
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    items.extend(start.take().map(|start| start..at));
                }
            }
            b',' if depth == 1 => items.extend(start.take().map(|start| start..at)),
            byte if !byte.is_ascii_whitespace() && depth == 1 => start = start.or(Some(at)),
            _ => {}
        }
    }
    items.extend(start.map(|start| start..text.len()));
    items
        .into_iter()
        .map(|span| {
            let written = text.get(span.clone()).unwrap_or_default();
            span.start..span.start + written.trim_end().len()
        })
        .collect()
}

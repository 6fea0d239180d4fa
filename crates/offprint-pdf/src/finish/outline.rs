//! Bookmarks, as a tree (ISO 32000-1, 12.3.3).

use std::io::Write as _;

use super::Facts;
use super::file::{File, Id, push_text};
use super::links::push_destination;
use crate::page::Bookmark;

/// An entry, its place, and where the entries around it are in the list.
struct Entry<'a> {
    bookmark: &'a Bookmark,
    place: Vec<u8>,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// Writes the bookmarks; `None` without any.
pub(super) fn write(file: &mut File, facts: &Facts<'_>, pages: &[Id]) -> Option<Id> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    // The entries that the next one may stand under.
    let mut open: Vec<usize> = Vec::new();
    let mut outermost: Vec<usize> = Vec::new();
    for bookmark in facts.bookmarks {
        let mut place = Vec::new();
        if push_destination(&mut place, bookmark.anchor, pages, facts).is_none() {
            continue;
        }
        while let Some(last) = open.last().and_then(|&last| entries.get(last))
            && last.bookmark.level >= bookmark.level
        {
            open.pop();
        }
        let index = entries.len();
        let parent = open.last().copied();
        match parent.and_then(|parent| entries.get_mut(parent)) {
            Some(parent) => parent.children.push(index),
            None => outermost.push(index),
        }
        entries.push(Entry {
            bookmark,
            place,
            parent,
            children: Vec::new(),
        });
        open.push(index);
    }
    let (&first, &last) = (outermost.first()?, outermost.last()?);
    let root = file.reserve();
    let ids: Vec<Id> = entries.iter().map(|_| file.reserve()).collect();
    let id = |index: usize| ids.get(index).copied().unwrap_or(root);
    // Entries of many papers are closed at first, so that sections can be seen.
    let is_closed = entries.len() > 60;
    let below = below(&entries);
    for (index, entry) in entries.iter().enumerate() {
        let siblings = match entry.parent.and_then(|parent| entries.get(parent)) {
            Some(parent) => &parent.children,
            None => &outermost,
        };
        let mut body = b"<</Title".to_vec();
        push_text(&mut body, &entry.bookmark.title);
        let parent = entry.parent.map_or(root, id);
        let _ = write!(body, "/Parent {parent}/Dest");
        body.extend_from_slice(&entry.place);
        let position = siblings.partition_point(|&sibling| sibling < index);
        let before = position
            .checked_sub(1)
            .and_then(|place| siblings.get(place));
        for (key, neighbour) in [("Prev", before), ("Next", siblings.get(position + 1))] {
            if let Some(&neighbour) = neighbour {
                let _ = write!(body, "/{key} {}", id(neighbour));
            }
        }
        if let (Some(&first), Some(&last)) = (entry.children.first(), entry.children.last()) {
            let count = if is_closed {
                -(entry.children.len() as i64)
            } else {
                below.get(index).copied().unwrap_or_default()
            };
            let _ = write!(body, "/First {}/Last {}/Count {count}", id(first), id(last));
        }
        body.extend_from_slice(b">>");
        file.object(id(index), &body);
    }
    let shown = if is_closed {
        outermost.len()
    } else {
        entries.len()
    };
    let body = format!(
        "<</Type/Outlines/First {}/Last {}/Count {shown}>>",
        id(first),
        id(last)
    );
    file.object(root, body.as_bytes());
    Some(root)
}

/// How many entries lie below each, on all levels.
fn below(entries: &[Entry<'_>]) -> Vec<i64> {
    let mut below = vec![0; entries.len()];
    // Each comes after what it lies under.
    for (index, entry) in entries.iter().enumerate().rev() {
        let own = below.get(index).copied().unwrap_or_default();
        if let Some(above) = entry.parent.and_then(|parent| below.get_mut(parent)) {
            *above += own + 1;
        }
    }
    below
}

//! A PDF file's bytes: object streams and a cross-reference stream (ISO 32000-1, 7.5.7
//! and 7.5.8).
//!
//! lopdf can write these too, but keeps every object as a tree in memory and leaves the
//! cross-references uncompressed; a structure tree of a hundred thousand elements is
//! written from here as text.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Object, StringFormat};

/// The number of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(pub(crate) u32);

impl std::fmt::Display for Id {
    /// As a reference.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} 0 R", self.0)
    }
}

/// Where an object lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Free,
    /// At this byte of the file.
    At(usize),
    /// In an object stream, at this place.
    Within(Id, u16),
}

/// A file that is being written.
pub(crate) struct File {
    out: Vec<u8>,
    entries: Vec<Entry>,
    /// Objects that wait for their object stream: their numbers with where they begin.
    waiting: Vec<(Id, usize)>,
    waiting_bytes: Vec<u8>,
}

/// More objects in a stream would make readers unpack much for little.
const OBJECTS_A_STREAM: usize = 200;

/// Bytes of a cross-reference: one for its kind, four and two for what it says.
const ROW: usize = 7;

/// How hard streams are compressed: more is slower and hardly smaller.
pub(crate) const LEVEL: u32 = 6;

impl File {
    pub(crate) fn new() -> Self {
        let mut out = Vec::new();
        out.extend_from_slice(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
        Self {
            out,
            entries: vec![Entry::Free],
            waiting: Vec::new(),
            waiting_bytes: Vec::new(),
        }
    }

    /// The number of an object that is written later.
    pub(crate) fn reserve(&mut self) -> Id {
        self.entries.push(Entry::Free);
        Id((self.entries.len() - 1) as u32)
    }

    /// Numbers for so many objects, one after the other. Returns the first.
    pub(crate) fn reserve_many(&mut self, count: usize) -> Id {
        let first = Id(self.entries.len() as u32);
        self.entries.extend(std::iter::repeat_n(Entry::Free, count));
        first
    }

    fn set(&mut self, id: Id, entry: Entry) {
        if let Some(slot) = self.entries.get_mut(id.0 as usize) {
            *slot = entry;
        }
    }

    /// Writes an object that is no stream.
    pub(crate) fn object(&mut self, id: Id, body: &[u8]) {
        self.waiting.push((id, self.waiting_bytes.len()));
        self.waiting_bytes.extend_from_slice(body);
        self.waiting_bytes.push(b'\n');
        if self.waiting.len() == OBJECTS_A_STREAM {
            self.end_object_stream();
        }
    }

    /// [`File::object`] under a new number.
    pub(crate) fn add(&mut self, body: &[u8]) -> Id {
        let id = self.reserve();
        self.object(id, body);
        id
    }

    fn end_object_stream(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.waiting_bytes);
        let own = self.reserve();
        let mut data = Vec::with_capacity(bytes.len() + waiting.len() * 12);
        for (index, &(id, offset)) in waiting.iter().enumerate() {
            let _ = write!(data, "{} {offset} ", id.0);
            self.set(id, Entry::Within(own, index as u16));
        }
        let first = data.len();
        data.extend_from_slice(&bytes);
        let dictionary = format!("/Type/ObjStm/N {}/First {first}", waiting.len());
        self.stream(own, dictionary.as_bytes(), &data);
    }

    /// Writes a stream, compressed where that makes it smaller. `entries` are those of its
    /// dictionary beside length and filter.
    pub(crate) fn stream(&mut self, id: Id, entries: &[u8], data: &[u8]) {
        let packed = deflate(data);
        if packed.len() + 20 < data.len() {
            let entries = [entries, b"/Filter/FlateDecode"].concat();
            self.raw_stream(id, &entries, &packed);
        } else {
            self.raw_stream(id, entries, data);
        }
    }

    /// Writes a stream as it is.
    pub(crate) fn raw_stream(&mut self, id: Id, entries: &[u8], data: &[u8]) {
        self.set(id, Entry::At(self.out.len()));
        let _ = write!(self.out, "{} 0 obj\n<<", id.0);
        self.out.extend_from_slice(entries);
        let _ = write!(self.out, "/Length {}>>\nstream\n", data.len());
        self.out.extend_from_slice(data);
        self.out.extend_from_slice(b"\nendstream\nendobj\n");
    }

    /// Writes what waits, and the cross-references.
    pub(crate) fn finish(mut self, trailer: impl FnOnce(&[u8]) -> String) -> Vec<u8> {
        self.end_object_stream();
        let own = self.reserve();
        let start = self.out.len();
        self.set(own, Entry::At(start));
        let trailer = trailer(&self.out);
        // Each row as the difference to the one above: a PNG predictor, 2 for "up".
        let mut rows = Vec::with_capacity(self.entries.len() * (ROW + 1));
        let mut above = [0_u8; ROW];
        for (number, entry) in self.entries.iter().enumerate() {
            let (kind, place, index) = match *entry {
                Entry::Free if number == 0 => (0_u8, 0, u16::MAX),
                Entry::Free => (0, 0, 0),
                Entry::At(offset) => (1, offset as u32, 0),
                Entry::Within(stream, index) => (2, stream.0, index),
            };
            let mut row = [kind; ROW];
            let fields = place.to_be_bytes().into_iter().chain(index.to_be_bytes());
            for (slot, byte) in row.iter_mut().skip(1).zip(fields) {
                *slot = byte;
            }
            rows.push(2);
            rows.extend(
                row.iter()
                    .zip(&above)
                    .map(|(new, old)| new.wrapping_sub(*old)),
            );
            above = row;
        }
        let packed = deflate(&rows);
        let entries = format!(
            "/Type/XRef/Size {}/W[1 4 2]{trailer}/Filter/FlateDecode\
             /DecodeParms<</Predictor 12/Columns {ROW}>>",
            self.entries.len()
        );
        self.raw_stream(own, entries.as_bytes(), &packed);
        let _ = write!(self.out, "startxref\n{start}\n%%EOF\n");
        self.out
    }
}

/// Bytes compressed as `FlateDecode` reads them.
pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    // Writing to memory does not fail; what is lost if it did would be found by no reader.
    let written = encoder.write_all(data);
    match encoder.finish() {
        Ok(packed) if written.is_ok() => packed,
        Ok(_) | Err(_) => data.to_vec(),
    }
}

/// Adds a string: as it is, with what must be escaped escaped.
pub(crate) fn push_literal(out: &mut Vec<u8>, bytes: impl IntoIterator<Item = u8>) {
    out.push(b'(');
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

/// Adds a text string: ASCII as it is, else UTF-16 with a byte order mark.
pub(crate) fn push_text(out: &mut Vec<u8>, words: &str) {
    if words.is_ascii() {
        push_literal(out, words.bytes());
    } else {
        let units = words.encode_utf16().flat_map(u16::to_be_bytes);
        push_literal(out, [0xfe, 0xff].into_iter().chain(units));
    }
}

/// Adds a number, rounded to hundredths.
pub(crate) fn push_number(out: &mut Vec<u8>, value: f32) {
    push_hundredths(out, (value * 100.0).round() as i64);
}

/// Adds a number of hundredths as a decimal number, as short as can be.
pub(crate) fn push_hundredths(out: &mut Vec<u8>, hundredths: i64) {
    if hundredths < 0 {
        out.push(b'-');
    }
    let magnitude = hundredths.unsigned_abs();
    let (whole, part) = (magnitude / 100, magnitude % 100);
    if whole > 0 || part == 0 {
        push_integer(out, whole);
    }
    if part > 0 {
        out.push(b'.');
        out.push(b'0' + (part / 10) as u8);
        if part % 10 > 0 {
            out.push(b'0' + (part % 10) as u8);
        }
    }
}

/// Adds a whole number.
pub(crate) fn push_integer(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0_u8; 20];
    let mut count = 0;
    for slot in digits.iter_mut().rev() {
        *slot = b'0' + (value % 10) as u8;
        value /= 10;
        count += 1;
        if value == 0 {
            break;
        }
    }
    out.extend(digits.iter().skip(digits.len() - count));
}

/// Adds an object of lopdf's, its references moved by `shift`.
pub(crate) fn push_object(out: &mut Vec<u8>, object: &Object, shift: u32) {
    match object {
        // Streams are objects of their own.
        Object::Null | Object::Stream(_) => out.extend_from_slice(b"null"),
        Object::Boolean(value) => {
            out.extend_from_slice(if *value { b"true" } else { b"false" });
        }
        Object::Integer(value) => {
            let _ = write!(out, "{value}");
        }
        Object::Real(value) => push_number(out, *value),
        Object::Name(name) => push_name(out, name),
        Object::String(text, StringFormat::Literal | StringFormat::Hexadecimal) => {
            push_literal(out, text.iter().copied());
        }
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                push_object(out, item, shift);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => {
            out.extend_from_slice(b"<<");
            push_entries(out, dictionary, shift);
            out.extend_from_slice(b">>");
        }
        Object::Reference((number, _)) => {
            let _ = write!(out, "{}", Id(number + shift));
        }
    }
}

/// Adds the entries of a dictionary without its brackets.
pub(crate) fn push_entries(out: &mut Vec<u8>, dictionary: &lopdf::Dictionary, shift: u32) {
    for (key, value) in dictionary {
        push_name(out, key);
        out.push(b' ');
        push_object(out, value, shift);
    }
}

fn push_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            let _ = write!(out, "#{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_are_as_short_as_can_be() {
        let number = |value| written(|out| push_number(out, value));
        assert_eq!(
            [0.0, -0.001, 1.0, 12.5, -0.25, 0.07, 1234.567].map(number),
            ["0", "0", "1", "12.5", "-.25", ".07", "1234.57"]
        );
        assert_eq!(written(|out| push_integer(out, 0)), "0");
        assert_eq!(written(|out| push_integer(out, 90_210)), "90210");
    }

    #[test]
    fn text_is_ascii_or_utf_16() {
        assert_eq!(written(|out| push_text(out, "a(b\\")), "(a\\(b\\\\)");
        let mut out = Vec::new();
        push_text(&mut out, "中\u{d}");
        assert_eq!(out, b"(\xfe\xff\x4e\x2d\0\\r)");
    }

    #[test]
    fn a_reader_finds_every_object() {
        let mut file = File::new();
        let root = file.reserve();
        let pages = file.add(b"<</Type/Pages/Kids[]/Count 0>>");
        let numbers: Vec<Id> = (0..450)
            .map(|number: u32| file.add(number.to_string().as_bytes()))
            .collect();
        let stream = file.reserve();
        file.stream(stream, b"", &[b'x'; 1000]);
        file.object(root, format!("<</Type/Catalog/Pages {pages}>>").as_bytes());
        let bytes = file.finish(|_| format!("/Root {root}"));
        let document = lopdf::Document::load_mem(&bytes).unwrap();
        assert_eq!(
            document
                .catalog()
                .unwrap()
                .get(b"Pages")
                .unwrap()
                .as_reference()
                .unwrap()
                .0,
            pages.0
        );
        let object = |id: u32| document.get_object((id, 0)).unwrap().clone();
        for (value, id) in numbers.iter().enumerate() {
            assert_eq!(object(id.0).as_i64().unwrap(), value as i64);
        }
        let plain = object(stream.0).as_stream().unwrap().decompressed_content();
        assert_eq!(plain.unwrap(), [b'x'; 1000]);
    }
}

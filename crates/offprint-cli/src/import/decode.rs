//! Bytes of any encoding that lists come in, read as text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// A text, and its encoding if that is not UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: Option<&'static str>,
}

/// How far into a file its own word for its encoding is looked for, in bytes (HTML, "prescan").
const PRESCAN: usize = 1024;

/// Reads bytes by their byte order mark, as UTF-8, by what they say of themselves, by what
/// they look like. `None` for what is no text.
pub(super) fn decode(bytes: &[u8]) -> Option<Decoded> {
    let with = |encoding: &'static Encoding| {
        let (text, _, _) = encoding.decode(bytes);
        Some(Decoded {
            text: text.into_owned(),
            encoding: Some(encoding.name()),
        })
    };
    match bytes {
        [0xff, 0xfe, ..] => return with(UTF_16LE),
        [0xfe, 0xff, ..] => return with(UTF_16BE),
        _ => {}
    }
    if bytes.contains(&0) {
        return without_mark(bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Decoded {
            text: text.to_owned(),
            encoding: None,
        });
    }
    with(own_word(bytes).unwrap_or_else(|| guess(bytes)))
}

/// UTF-16 without its mark: the zeros of its ASCII are all on one side.
fn without_mark(bytes: &[u8]) -> Option<Decoded> {
    let zeros = |parity: usize| {
        let side = bytes.iter().skip(parity).step_by(2);
        side.filter(|byte| **byte == 0).count()
    };
    let encoding = match (zeros(0), zeros(1)) {
        (0, 1..) => UTF_16LE,
        (1.., 0) => UTF_16BE,
        _ => return None,
    };
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    (!has_errors).then(|| Decoded {
        text: text.into_owned(),
        encoding: Some(encoding.name()),
    })
}

/// The encoding that the bytes look like, as browsers guess it.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// The encoding that a page or an XML file names.
fn own_word(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..PRESCAN.min(bytes.len()))?).to_ascii_lowercase();
    let found = ["charset=", "encoding="].into_iter().find_map(|name| {
        let after = head
            .split_once(name)?
            .1
            .trim_start_matches(['"', '\'', ' ']);
        let end = after.find(|character: char| {
            !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
        })?;
        Encoding::for_label(after.get(..end)?.as_bytes())
    })?;
    // It is no UTF-8, whatever it says.
    (found != encoding_rs::UTF_8).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;

    #[test]
    fn a_file_is_read_in_its_own_encoding() {
        let text = |bytes: &[u8]| {
            let decoded = decode(bytes).unwrap();
            (decoded.text, decoded.encoding)
        };
        assert_eq!(text("论文".as_bytes()), ("论文".to_owned(), None));
        let (gbk, _, _) = GB18030.encode("标题：论文");
        assert_eq!(text(&gbk), ("标题：论文".to_owned(), Some("GBK")));
        let mut page = b"<meta charset=\"big5\">".to_vec();
        page.extend_from_slice(&encoding_rs::BIG5.encode("論文").0);
        assert_eq!(text(&page).1, Some("Big5"));
        assert!(text(&page).0.ends_with("論文"));
        assert_eq!(
            text(b"caf\xe9 M\xfcller"),
            ("café Müller".to_owned(), Some("windows-1252"))
        );
        assert_eq!(text(b"\xff\xfeA\0"), ("A".to_owned(), Some("UTF-16LE")));
        let latin = "@misc{a,author={Jos\u{e9}},title={Caf\u{e9}},year={2020}}";
        let bytes: Vec<u8> = latin.chars().map(|letter| letter as u8).collect();
        assert_eq!(text(&bytes), (latin.to_owned(), Some("windows-1252")));
        let big5 = encoding_rs::BIG5
            .encode("這一期挑了三篇論文，講的是記憶與對比學習。")
            .0;
        assert!(text(&big5).0.starts_with("這一期"));
        let little: Vec<u8> = "a 论文\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(text(&little), ("a 论文\n".to_owned(), Some("UTF-16LE")));
        assert_eq!(decode(b"\x89PNG\0\0"), None);
    }
}

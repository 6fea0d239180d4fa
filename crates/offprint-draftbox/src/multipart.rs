//! A file as the body of a form: `multipart/form-data` (RFC 7578).

use crate::draft::Picture;

/// The longest name of a file that is sent, in characters.
const MAX_NAME: usize = 80;

/// A body and its media type.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// A form whose only field, `media`, is a picture.
pub(crate) fn form(picture: &Picture) -> Form {
    // What holds the hash of its bytes cannot be in them.
    let boundary = format!("offprint-{}", picture.hash);
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"media\"; filename=\"{}\"\r\n\
         Content-Type: {}\r\n\r\n",
        file_name(picture),
        picture.media_type
    )
    .into_bytes();
    body.extend_from_slice(&picture.bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    Form {
        content_type: format!("multipart/form-data; boundary={boundary}"),
        body,
    }
}

/// The name of a picture without folders and characters that a header cannot hold, with the
/// ending of its type, by which WeChat tells types.
fn file_name(picture: &Picture) -> String {
    let ending = match picture.media_type.as_str() {
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/bmp" => "bmp",
        _ => "png",
    };
    let name = picture.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem: String = stem
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .take(MAX_NAME)
        .collect();
    if stem.is_empty() {
        format!("picture.{ending}")
    } else {
        format!("{stem}.{ending}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        for (name, media_type, expected) in [
            ("figures/图 1.PNG", "image/png", "图-1.png"),
            (
                "a\"; name=\"b\r\nX: y.jpeg",
                "image/jpeg",
                "a---name--b--X--y.jpg",
            ),
            ("..", "image/gif", "..gif"),
            ("", "image/bmp", "picture.bmp"),
        ] {
            let picture = Picture::new(name, media_type, Vec::new());
            assert_eq!(file_name(&picture), expected);
        }
    }
}

//! Paths of pictures as authors write them.

/// What the source of a picture names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// A file below the project's root: its path from there, `/` between parts.
    File(String),
    /// A picture on another site.
    Remote,
    /// Nothing that may be read, and why.
    Refused(String),
}

/// What `written` names in an issue that lies in `folder` (from the project's root). Paths
/// are relative to the issue; those that begin with `/` to the root.
#[must_use]
pub fn picture(folder: &str, written: &str) -> Picture {
    let written = written.trim();
    let lower = written.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("//") {
        return Picture::Remote;
    }
    if written.is_empty() {
        return Picture::Refused("a picture names no file".to_owned());
    }
    let refuse = |why: &str| Picture::Refused(format!("the path of a picture {why}"));
    if written.contains(char::is_control) {
        return refuse("holds a control character");
    }
    if written.contains('\\') {
        return refuse("holds a backslash; write `/` between folders");
    }
    if written.contains(':') {
        return refuse("holds a colon; name a file in the project's folder");
    }
    if written.len() > 1024 {
        return refuse("is longer than 1024 bytes");
    }
    // Editors write blanks as `%20`; all else that is encoded is told apart by nobody.
    let decoded = written.replace("%20", " ");
    if decoded
        .split('%')
        .skip(1)
        .any(|rest| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2)
    {
        return refuse("holds `%` and two digits; write the name as it is");
    }
    let (mut parts, rest): (Vec<&str>, &str) = match decoded.strip_prefix('/') {
        Some(rest) => (Vec::new(), rest),
        None => (
            folder.split('/').filter(|part| !part.is_empty()).collect(),
            &decoded,
        ),
    };
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return refuse("leaves the project's folder");
                }
            }
            _ => parts.push(part),
        }
    }
    if parts.is_empty() || rest.ends_with('/') {
        return refuse("names a folder");
    }
    Picture::File(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_the_root() {
        let file = |folder, written| match picture(folder, written) {
            Picture::File(path) => path,
            other @ (Picture::Remote | Picture::Refused(_)) => panic!("{written}: {other:?}"),
        };
        assert_eq!(file("issues", "images/a.png"), "issues/images/a.png");
        assert_eq!(
            file("issues/one", "../images/./a b.png"),
            "issues/images/a b.png"
        );
        assert_eq!(file("issues", "/assets/a.png"), "assets/a.png");
        assert_eq!(file("", "图/甲.png"), "图/甲.png");
        assert_eq!(file("issues", "a%20b.png"), "issues/a b.png");
        assert_eq!(file("issues", "100%.png"), "issues/100%.png");
    }

    #[test]
    fn nothing_outside_the_root_is_named() {
        for written in [
            "../../a.png",
            "/../a.png",
            "images/../../../etc/passwd",
            "C:/a.png",
            "C:\\a.png",
            "..\\a.png",
            "file:///etc/passwd",
            "file:a.png",
            "%2e%2e/a.png",
            "%2E%2E/%2e%2e/a.png",
            "a\u{0}.png",
            "a\n.png",
            "",
            "..",
            "images/",
            "data:image/png;base64,AAAA",
        ] {
            assert!(
                matches!(picture("issues", written), Picture::Refused(_)),
                "{written:?}"
            );
        }
        assert_eq!(
            picture("issues", "HTTPS://a.example/b.png"),
            Picture::Remote
        );
        assert_eq!(picture("issues", "//a.example/b.png"), Picture::Remote);
    }
}

//! Where addresses lead.

pub(super) const LINK_HOST: &str = "mp.weixin.qq.com";
pub(super) const PLAYER_HOSTS: [&str; 2] = ["v.qq.com", "mp.weixin.qq.com"];
/// Where pictures lie once they are uploaded.
pub(super) const IMAGE_HOSTS: [&str; 5] = [
    "mmbiz.qpic.cn",
    "mmecoa.qpic.cn",
    "res.wx.qq.com",
    "wx.qlogo.cn",
    "mmbiz.qlogo.cn",
];
/// The largest picture within a draft, in bytes.
pub(super) const MAX_PICTURE: usize = 1024 * 1024;

/// The host of a web address, in small letters, as browsers find it (URL standard, §4.4).
pub(super) fn host(address: &str) -> Option<String> {
    let address = address.trim();
    let colon = address.find(':');
    let (scheme, rest) = match colon.and_then(|colon| address.split_at_checked(colon)) {
        Some((scheme, rest)) if rest.starts_with(":/") || rest.starts_with(":\\") => {
            (scheme.to_ascii_lowercase(), rest.trim_start_matches(':'))
        }
        _ if address.starts_with("//") => ("https".to_owned(), address),
        _ => return None,
    };
    if !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let rest = rest.trim_start_matches(['/', '\\']);
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Whether an address lies on WeChat's servers for pictures.
pub(super) fn is_mmbiz(address: &str) -> bool {
    host(address).is_some_and(|host| matches!(host.as_str(), "mmbiz.qpic.cn" | "mmbiz.qlogo.cn"))
}

/// Whether an address is the thing itself (RFC 2397).
pub(super) fn is_data(address: &str) -> bool {
    address
        .trim_start()
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// Whether the interface for pictures takes it, as far as its address tells.
pub(super) fn is_format_taken(address: &str) -> bool {
    if is_data(address) {
        let kind = address.get(5..).unwrap_or_default().trim_start();
        let is_taken = ["image/jpeg", "image/jpg", "image/png"]
            .iter()
            .any(|taken| {
                kind.get(..taken.len())
                    .is_some_and(|kind| kind.eq_ignore_ascii_case(taken))
            });
        // Four characters of base64 are three bytes.
        let data = address.split_once(',').map_or(0, |(_, data)| data.len());
        return is_taken && data / 4 * 3 < MAX_PICTURE;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let is_refused = |extension: &str| {
        [
            "webp", "svg", "gif", "bmp", "avif", "tif", "tiff", "ico", "heic", "jxl",
        ]
        .iter()
        .any(|refused| extension.eq_ignore_ascii_case(refused))
    };
    !extension.is_some_and(is_refused)
}

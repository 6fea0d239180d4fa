//! What WeChat's error codes mean, and what is done about them. The codes are those of the
//! pages of `stable_token`, `uploadimg`, `add_material` and the draft box, at
//! `https://developers.weixin.qq.com/doc/service/api/`.

use std::net::IpAddr;

/// What is done about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Another token, and once more.
    Token,
    /// Once more after a while.
    Patience,
    /// Nothing.
    None,
}

pub(crate) const INVALID_CREDENTIAL: i64 = 40001;
pub(crate) const INVALID_MEDIA_ID: i64 = 40007;
const NOT_ALLOWED_FROM_HERE: i64 = 40164;
/// Something went wrong within WeChat. Whether anything was done is unknown.
pub(crate) const BUSY: i64 = -1;

/// What is done about `code`.
pub(crate) fn remedy(code: i64) -> Remedy {
    match code {
        INVALID_CREDENTIAL | 40014 | 42001 => Remedy::Token,
        BUSY | 45009 | 45011 => Remedy::Patience,
        _ => Remedy::None,
    }
}

/// What `code` means, and what to do about it; `None` for a code that is not known.
pub(crate) fn meaning(code: i64) -> Option<(&'static str, &'static str)> {
    Some(match code {
        BUSY => ("WeChat is busy", "try again later"),
        INVALID_CREDENTIAL => (
            "the AppSecret is not that of this account, or the access token is not valid",
            SECRET,
        ),
        40002 | 43002 | 44002 | 47001 => (
            "WeChat does not understand the request",
            "a proxy may have changed it; without one, please report this as a bug of offprint",
        ),
        40004 | 40005 | 40137 => (
            "WeChat takes no picture of this type",
            "store it as JPEG or PNG; covers may be GIF or BMP too",
        ),
        40006 | 40009 | 45001 => (
            "the picture is too large",
            "make it smaller: less than 1 MB within an article, at most 10 MB as the cover",
        ),
        INVALID_MEDIA_ID => (
            "WeChat does not know this draft or cover",
            "it was removed in the meantime, or belongs to another account; publish again",
        ),
        40013 => (
            "there is no account with this AppID",
            "compare OFFPRINT_WECHAT_APPID, or `appid` of the credentials file, with the AppID \
             at https://mp.weixin.qq.com (设置与开发 > 开发接口管理)",
        ),
        40014 => ("the access token is not valid", "publish again"),
        40125 => ("the AppSecret is not that of this account", SECRET),
        NOT_ALLOWED_FROM_HERE => (
            "this machine's address is not on the account's list",
            "add the address to the list of IP addresses (IP白名单) at \
             https://mp.weixin.qq.com (设置与开发 > 开发接口管理), and wait some minutes",
        ),
        40243 => (
            "the AppSecret is frozen",
            "unfreeze it at https://mp.weixin.qq.com (设置与开发 > 开发接口管理)",
        ),
        41002 => (
            "no AppID was given",
            "set OFFPRINT_WECHAT_APPID, or `appid` in the credentials file",
        ),
        41004 => (
            "no AppSecret was given",
            "set OFFPRINT_WECHAT_SECRET, or `secret` in the credentials file",
        ),
        41005 => (
            "the picture did not arrive",
            "a proxy may have dropped it; publish again without one",
        ),
        42001 => ("the access token has expired", "publish again"),
        44003 | 45166 => (
            "WeChat finds the article empty, or something in it forbidden",
            "look for an empty article and for addresses of previews; `offprint check` tells \
             what WeChat removes",
        ),
        45002 => (
            "the article is too long",
            "split the issue: an article has less than 20,000 characters, markup included",
        ),
        45003 => (
            "the title is too long",
            "give the issue a `short-title` of at most 32 characters",
        ),
        45004 => (
            "the digest is too long",
            "shorten the issue's summary to 128 characters",
        ),
        45009 => (
            "the account has asked this as often as it may today",
            "publish tomorrow, or clear the count once at https://mp.weixin.qq.com \
             (设置与开发 > 开发接口管理)",
        ),
        45011 => (
            "the account asks too often",
            "publish again in some minutes",
        ),
        45110 => (
            "the author's name is too long",
            "shorten it to 16 characters",
        ),
        48001 => (
            "the account may not use this part of the interface",
            "see 接口权限 at https://mp.weixin.qq.com; the draft box may need a verified account. \
             The page for pasting is made by `offprint build --format wechat`",
        ),
        50004 => (
            "the account may not ask for a stable access token",
            "see 接口权限 at https://mp.weixin.qq.com",
        ),
        50007 => (
            "the account is frozen",
            "see the messages at https://mp.weixin.qq.com",
        ),
        53404..=53406 => (
            "WeChat refuses the goods of the article",
            "the account may not sell; remove them in the console",
        ),
        _ => return None,
    })
}

const SECRET: &str = "compare OFFPRINT_WECHAT_SECRET, or `secret` of the credentials file, with the \
    account's; a lost one is made anew at https://mp.weixin.qq.com (设置与开发 > 开发接口管理)";

/// What to do about `code`, with what the message tells.
pub(crate) fn next_step(code: i64, errmsg: &str) -> Option<String> {
    let (_, step) = meaning(code)?;
    let address = address_in(errmsg).filter(|_| code == NOT_ALLOWED_FROM_HERE);
    Some(match address {
        Some(address) => step.replacen("the address", &address.to_string(), 1),
        None => step.to_owned(),
    })
}

/// The address that a message such as `invalid ip 203.0.113.7 ipv6 ::ffff:…` names first.
fn address_in(errmsg: &str) -> Option<IpAddr> {
    errmsg
        .split(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | ':')))
        .find_map(|word| word.trim_matches('.').parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_to_be_allowed_is_told() {
        let errmsg = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2";
        let step = next_step(40164, errmsg).unwrap();
        assert!(step.starts_with("add 203.0.113.7 to the list"), "{step}");
        let step = next_step(40164, "invalid ip, not in whitelist").unwrap();
        assert!(step.starts_with("add the address to the list"), "{step}");
        let step = next_step(40164, "invalid ip 2001:db8::7, not in whitelist").unwrap();
        assert!(step.starts_with("add 2001:db8::7 to the list"), "{step}");
    }
}

//! TeX as bibliographies have it, made plain.
//!
//! Formulas between dollar signs stay as they are, a dollar sign of the text becomes `\$`: that
//! is how titles of issues have it. Commands that mean a character become it, those that dress
//! their words vanish, and of all others the words stay.

use std::borrow::Cow;

use offprint_core::chars::is_wide;
use unicode_normalization::char::compose;

/// How deeply groups may be nested; what is deeper loses its braces all the same.
const MAX_DEPTH: usize = 100;
/// How often the end of a formula or an option is looked for in vain before such signs are
/// taken as they stand.
const MAX_SEARCHES: usize = 20;

/// The words of a text, formulas in `$…$`. Paragraphs are lines.
pub(super) fn words(tex: &str) -> String {
    run(tex, false)
}

/// An address or an identifier, in which only braces and backslashes mean something.
pub(super) fn verbatim(tex: &str) -> String {
    run(tex, true).trim().to_owned()
}

fn run(tex: &str, is_verbatim: bool) -> String {
    let is_plain = !tex.bytes().any(is_special);
    if is_plain {
        return tex.to_owned();
    }
    let mut reader = Reader {
        rest: tex,
        is_verbatim,
        depth: 0,
        searches: 0,
    };
    let mut out = String::with_capacity(tex.len());
    while !reader.rest.is_empty() {
        reader.group(&mut out);
        // A brace that closes nothing.
        reader.take('}');
    }
    out
}

/// Whether a byte means more than itself. None is part of a longer character.
fn is_special(byte: u8) -> bool {
    matches!(
        byte,
        b'\\' | b'{' | b'}' | b'$' | b'~' | b'-' | b'`' | b'\'' | b'\n'
    )
}

struct Reader<'t> {
    rest: &'t str,
    is_verbatim: bool,
    depth: usize,
    /// How often an end was looked for in vain.
    searches: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<char> {
        let sign = self.rest.chars().next()?;
        self.rest = self.rest.get(sign.len_utf8()..).unwrap_or_default();
        Some(sign)
    }

    fn take(&mut self, text: char) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn split(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Reads up to the brace that closes the group, which is left.
    fn group(&mut self, out: &mut String) {
        while let Some(sign) = self.rest.chars().next() {
            match sign {
                '}' => return,
                '{' => {
                    self.next();
                    self.inner(out);
                }
                '\\' => {
                    self.next();
                    self.command(out);
                }
                '$' if !self.is_verbatim => self.dollar(out),
                '~' if !self.is_verbatim => {
                    self.next();
                    out.push(' ');
                }
                '-' if !self.is_verbatim => {
                    let run = self.rest.len() - self.rest.trim_start_matches('-').len();
                    self.split(run);
                    match run {
                        2 => out.push('–'),
                        3 => out.push('—'),
                        _ => out.extend(std::iter::repeat_n('-', run)),
                    }
                }
                '`' | '\'' if !self.is_verbatim => self.quote(sign, out),
                '\n' if !self.is_verbatim => self.line_end(out),
                _ => {
                    let length = self
                        .rest
                        .bytes()
                        .position(is_special)
                        .unwrap_or(self.rest.len())
                        .max(sign.len_utf8());
                    out.push_str(self.split(length));
                }
            }
        }
    }

    /// Reads what follows an opening brace, and the closing one.
    fn inner(&mut self, out: &mut String) {
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            self.group(out);
            self.take('}');
            self.depth -= 1;
        }
    }

    /// A line end is a blank, an empty line the end of a paragraph.
    fn line_end(&mut self, out: &mut String) {
        let rest = self.rest.trim_start();
        let gap = self.split(self.rest.len() - rest.len());
        let is_paragraph = gap.matches('\n').count() > 1;
        let is_between_wide = out.ends_with(is_wide) && rest.starts_with(is_wide) && !is_paragraph;
        if !is_between_wide {
            out.push(if is_paragraph { '\n' } else { ' ' });
        }
    }

    /// Looks for an end ahead, but not for ever.
    fn find(&mut self, end: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        if self.searches >= MAX_SEARCHES {
            return None;
        }
        let found = end(self.rest);
        self.searches += usize::from(found.is_none());
        found
    }

    fn quote(&mut self, sign: char, out: &mut String) {
        self.next();
        let is_double = self.take(sign);
        out.push(match (sign, is_double) {
            ('`', true) => '“',
            ('`', false) => '‘',
            (_, true) => '”',
            (_, false) => '\'',
        });
    }

    /// A formula, or a dollar sign that begins none.
    fn dollar(&mut self, out: &mut String) {
        self.next();
        let is_display = self.take('$');
        let Some(end) = self.find(end_of_formula) else {
            out.push_str(if is_display { "" } else { "\\$" });
            return;
        };
        let tex = self.split(end);
        self.next();
        if is_display {
            self.take('$');
        }
        push_formula(tex, out);
    }

    fn command(&mut self, out: &mut String) {
        let Some(first) = self.rest.chars().next() else {
            return;
        };
        if !first.is_ascii_alphabetic() {
            self.next();
            self.sign(first, out);
            return;
        }
        let length = self
            .rest
            .find(|sign: char| !sign.is_ascii_alphabetic())
            .unwrap_or(self.rest.len());
        let name = self.split(length);
        self.take('*');
        if let Some(mark) = letter_accent(name) {
            self.accent(mark, out);
            return;
        }
        if self.is_verbatim && !self.rest.starts_with('{') && character(name).is_none() {
            // A backslash of a path.
            out.push('\\');
            out.push_str(name);
            return;
        }
        if let Some(meant) = character(name) {
            self.gap();
            self.empty_group();
            out.push_str(meant);
            return;
        }
        self.dress(name, out);
    }

    /// A command whose name is one sign.
    fn sign(&mut self, sign: char, out: &mut String) {
        if self.is_verbatim && sign != '~' {
            out.push(sign);
            return;
        }
        let mark = match sign {
            '`' => '\u{300}',
            '\'' => '\u{301}',
            '^' => '\u{302}',
            '~' => '\u{303}',
            '"' => '\u{308}',
            '=' => '\u{304}',
            '.' => '\u{307}',
            '$' => {
                out.push_str("\\$");
                return;
            }
            '(' | '[' => {
                let closer = if sign == '(' { "\\)" } else { "\\]" };
                if let Some(end) = self.find(|rest| rest.find(closer)) {
                    push_formula(self.split(end), out);
                    self.split(closer.len());
                } else {
                    out.push(sign);
                }
                return;
            }
            '\\' | ' ' | ',' | ';' | ':' | '>' | '\n' | '\t' => {
                out.push(' ');
                return;
            }
            // Where a word may be divided, what corrects the space between letters.
            '-' | '/' | '!' | '@' => return,
            _ => {
                out.push(sign);
                return;
            }
        };
        if self.rest.starts_with("{}") {
            // The accent alone: `\~{}` in addresses, `\^{}`.
            self.split("{}".len());
            out.push(match sign {
                '"' => '¨',
                '\'' => '´',
                '=' => '¯',
                '.' => '˙',
                other => other,
            });
            return;
        }
        self.accent(mark, out);
    }

    /// The letter that follows, with a mark.
    fn accent(&mut self, mark: char, out: &mut String) {
        let mut letter = String::new();
        self.argument(&mut letter);
        let mut letters = letter.chars();
        let Some(first) = letters.next() else {
            return;
        };
        let base = match first {
            'ı' => 'i',
            'ȷ' => 'j',
            other => other,
        };
        if base.is_alphabetic() {
            match compose(base, mark) {
                Some(composed) => out.push(composed),
                None => out.extend([base, mark]),
            }
        } else {
            out.push(base);
        }
        out.push_str(letters.as_str());
    }

    /// What a command is applied to: a group, another command, or the next sign.
    fn argument(&mut self, out: &mut String) {
        self.gap();
        if self.rest.starts_with('}') {
            return;
        }
        match self.next() {
            Some('{') => self.inner(out),
            Some('\\') if self.depth < MAX_DEPTH => {
                self.depth += 1;
                self.command(out);
                self.depth -= 1;
            }
            Some(sign) => out.push(sign),
            None => {}
        }
    }

    fn gap(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn empty_group(&mut self) {
        self.rest = self.rest.strip_prefix("{}").unwrap_or(self.rest);
    }

    /// A command that is no character.
    fn dress(&mut self, name: &str, out: &mut String) {
        let has_blank = self.rest.starts_with([' ', '\t', '\n', '\r']);
        self.gap();
        while self.rest.starts_with('[')
            && let Some(end) = self.find(|rest| rest.find(']'))
        {
            self.split(end + 1);
        }
        match name {
            // What is not for readers, and the first of two groups.
            "noopsort" | "cite" | "citep" | "citet" | "footnote" | "label" | "vspace"
            | "hspace" | "bibnote" | "phantom" | "vphantom" | "hphantom" => {
                self.skip_argument();
            }
            "href" | "bibinfo" | "textcolor" | "foreignlanguage" | "switchargs" | "fontsize"
            | "raisebox" | "bibfield" | "eprint" => {
                if self.rest.starts_with('{') {
                    self.skip_argument();
                }
            }
            "ensuremath" => {
                if self.rest.starts_with('{')
                    && let Some(end) = self.find(end_of_group)
                {
                    let group = self.split(end + 1);
                    let tex = group
                        .strip_prefix('{')
                        .and_then(|tex| tex.strip_suffix('}'));
                    push_formula(tex.unwrap_or_default(), out);
                }
            }
            "textsuperscript" | "textsubscript" => {
                let mut inner = String::new();
                self.argument(&mut inner);
                let is_raised = name == "textsuperscript";
                out.push_str(&shifted(&inner, is_raised).unwrap_or(inner));
            }
            "enquote" | "mkbibquote" => {
                out.push('“');
                self.argument(out);
                out.push('”');
            }
            "url" | "nolinkurl" | "path" if self.rest.starts_with('{') => {
                let outer = std::mem::replace(&mut self.is_verbatim, true);
                self.argument(out);
                self.is_verbatim = outer;
            }
            "par" | "newline" | "linebreak" => out.push('\n'),
            "quad" | "qquad" | "space" | "thinspace" | "nobreakspace" => out.push(' '),
            _ if self.rest.starts_with('{') => {}
            _ if is_switch(name) => {}
            // Signs that no table here has: their names are not words of the text.
            _ if name.starts_with("text") || name.starts_with("math") => {
                if has_blank {
                    out.push(' ');
                }
            }
            // Signs of formulas that stand outside of one, and what nobody knows: its name
            // says most.
            _ => {
                if is_of_formulas(name) {
                    push_formula(&format!("\\{name}"), out);
                } else {
                    out.push_str(name);
                }
                if has_blank {
                    out.push(' ');
                }
            }
        }
    }

    fn skip_argument(&mut self) {
        let mut nothing = String::new();
        self.argument(&mut nothing);
    }
}

/// Where a formula ends: at a dollar sign that no backslash escapes. One of many lines is none.
fn end_of_formula(text: &str) -> Option<usize> {
    const LONGEST: usize = 4_000;
    let mut bytes = text.bytes().enumerate().take(LONGEST);
    let mut depth = 0_usize;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'{' => depth += 1,
            // The group that the dollar sign stands in ends.
            b'}' => depth = depth.checked_sub(1)?,
            b'$' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// Where the group ends that a text begins with.
fn end_of_group(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at),
            b'}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// Writes a formula. Crossref spells signs of markup as formulas, Zotero accents.
fn push_formula(tex: &str, out: &mut String) {
    let tex = without_inner(tex);
    let tex = tex.trim();
    let sign = match tex {
        "" => return,
        "\\mathsemicolon" => ";",
        "\\less" | "<" => "<",
        "\\greater" | ">" => ">",
        "\\sim" | "\\thicksim" => "~",
        "\\slash" => "/",
        "\\backslash" => "\\",
        "\\&" | "\\mathampersand" => "&",
        "-" => "-",
        "_" | "\\_" => "_",
        _ => {
            out.push('$');
            for (count, word) in tex.split_whitespace().enumerate() {
                if count > 0 {
                    out.push(' ');
                }
                out.push_str(word);
            }
            out.push('$');
            return;
        }
    };
    out.push_str(sign);
}

/// A formula without the formulas within its words: `\text{if $x$}` is `\text{if }x`. Between
/// dollar signs no other may stand.
fn without_inner(tex: &str) -> Cow<'_, str> {
    let is_one = |(at, _): &(usize, &str)| {
        let before = tex.get(..*at).unwrap_or_default();
        let slashes = before.len() - before.trim_end_matches('\\').len();
        slashes % 2 == 0
    };
    let signs: Vec<usize> = tex
        .match_indices('$')
        .filter(is_one)
        .map(|(at, _)| at)
        .collect();
    if signs.is_empty() {
        return Cow::Borrowed(tex);
    }
    let has_pairs = signs.len().is_multiple_of(2);
    let mut out = String::with_capacity(tex.len());
    let mut start = 0;
    for (count, at) in signs.into_iter().enumerate() {
        out.push_str(tex.get(start..at).unwrap_or_default());
        out.push_str(match (has_pairs, count % 2) {
            (true, 0) => "}",
            (true, _) => "\\text{",
            (false, _) => "",
        });
        start = at + 1;
    }
    out.push_str(tex.get(start..).unwrap_or_default());
    Cow::Owned(out.replace("\\text{}", " "))
}

/// Digits and signs above or below the line, where Unicode has all of them.
fn shifted(text: &str, is_raised: bool) -> Option<String> {
    const PLAIN: &str = "0123456789+-=()";
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾";
    const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎";
    let signs = if is_raised { RAISED } else { LOWERED };
    text.chars()
        .map(|sign| {
            let at = PLAIN.chars().position(|plain| plain == sign)?;
            signs.chars().nth(at)
        })
        .collect()
}

/// Commands that change the letters up to the end of their group.
fn is_switch(name: &str) -> bool {
    matches!(
        name,
        "it" | "em"
            | "bf"
            | "sc"
            | "tt"
            | "rm"
            | "sl"
            | "sf"
            | "cal"
            | "itshape"
            | "bfseries"
            | "scshape"
            | "ttfamily"
            | "rmfamily"
            | "sffamily"
            | "upshape"
            | "mdseries"
            | "slshape"
            | "normalfont"
            | "normalsize"
            | "small"
            | "footnotesize"
            | "scriptsize"
            | "large"
            | "Large"
            | "tiny"
            | "protect"
            | "relax"
            | "sloppy"
            | "fussy"
            | "noindent"
            | "boldmath"
            | "unboldmath"
            | "displaystyle"
            | "textstyle"
            | "allowbreak"
            | "nolinebreak"
            | "xspace"
            | "bgroup"
            | "egroup"
            | "begingroup"
            | "endgroup"
            | "left"
            | "right"
            | "selectlanguage"
            | "ignorespaces"
            | "unskip"
            | "break"
            | "nobreak"
            | "frenchspacing"
            | "centering"
    )
}

/// Signs that only formulas have.
fn is_of_formulas(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "alpha"
            | "beta"
            | "gamma"
            | "delta"
            | "epsilon"
            | "varepsilon"
            | "zeta"
            | "eta"
            | "theta"
            | "iota"
            | "kappa"
            | "lambda"
            | "mu"
            | "nu"
            | "xi"
            | "pi"
            | "rho"
            | "sigma"
            | "tau"
            | "upsilon"
            | "phi"
            | "varphi"
            | "chi"
            | "psi"
            | "omega"
            | "infty"
            | "times"
            | "to"
            | "rightarrow"
            | "leftarrow"
            | "leq"
            | "geq"
            | "le"
            | "ge"
            | "neq"
            | "approx"
            | "ell"
            | "in"
            | "cdot"
            | "pm"
            | "partial"
            | "nabla"
            | "sum"
            | "prod"
            | "int"
            | "sqrt"
            | "star"
            | "ast"
            | "circ"
            | "equiv"
            | "subset"
            | "cup"
            | "cap"
            | "forall"
            | "exists"
            | "propto"
    )
}

fn letter_accent(name: &str) -> Option<char> {
    Some(match name {
        "u" => '\u{306}',
        "v" => '\u{30c}',
        "H" => '\u{30b}',
        "c" => '\u{327}',
        "k" => '\u{328}',
        "d" | "textdotbelow" | "textsubdot" => '\u{323}',
        "b" | "textmacronbelow" | "textsubbar" => '\u{331}',
        "r" => '\u{30a}',
        "t" | "texttoptiebar" => '\u{361}',
        "G" | "textdoublegrave" => '\u{30f}',
        "U" => '\u{30e}',
        "h" => '\u{309}',
        "textgravemacron" => '\u{1dc5}',
        "textacutemacron" => '\u{1dc7}',
        "textcommaabove" => '\u{313}',
        "textcommabelow" => '\u{326}',
        "textdieresisbelow" | "textsubumlaut" => '\u{324}',
        "textringbelow" | "textsubring" => '\u{325}',
        "textcircumbelow" | "textsubcircum" => '\u{32d}',
        "textbrevebelow" => '\u{32e}',
        "texttildebelow" | "textsubtilde" => '\u{330}',
        "textsubbridge" => '\u{32a}',
        "textsubarch" => '\u{32f}',
        "textsyllabic" => '\u{329}',
        "textvbaraccent" => '\u{30d}',
        "textroundcap" => '\u{311}',
        _ => return None,
    })
}

/// The character that a command means.
fn character(name: &str) -> Option<&'static str> {
    Some(match name {
        "aa" => "å",
        "AA" => "Å",
        "ae" => "æ",
        "AE" => "Æ",
        "oe" => "œ",
        "OE" => "Œ",
        "o" => "ø",
        "O" => "Ø",
        "l" => "ł",
        "L" => "Ł",
        "ss" => "ß",
        "SS" => "ẞ",
        "i" => "ı",
        "j" => "ȷ",
        "dh" => "ð",
        "DH" => "Ð",
        "dj" => "đ",
        "DJ" => "Đ",
        "ng" => "ŋ",
        "NG" => "Ŋ",
        "th" => "þ",
        "TH" => "Þ",
        "ohorn" => "ơ",
        "OHORN" => "Ơ",
        "uhorn" => "ư",
        "UHORN" => "Ư",
        "S" | "textsection" => "§",
        "P" | "textparagraph" => "¶",
        "copyright" | "textcopyright" => "©",
        "textregistered" => "®",
        "texttrademark" => "™",
        "pounds" | "textsterling" => "£",
        "euro" | "texteuro" => "€",
        "textyen" => "¥",
        "dag" | "textdagger" => "†",
        "ddag" | "textdaggerdbl" => "‡",
        "dots" | "ldots" | "textellipsis" => "…",
        "textendash" => "–",
        "textemdash" => "—",
        "textquoteleft" | "lq" => "‘",
        "textquoteright" | "rq" => "’",
        "textquotedblleft" => "“",
        "textquotedblright" => "”",
        "textquotesingle" => "'",
        "textquotedbl" => "\"",
        "quotedblbase" => "„",
        "quotesinglbase" => "‚",
        "guillemotleft" | "guillemetleft" => "«",
        "guillemotright" | "guillemetright" => "»",
        "guilsinglleft" => "‹",
        "guilsinglright" => "›",
        "textexclamdown" => "¡",
        "textquestiondown" => "¿",
        "textbackslash" => "\\",
        "textasciitilde" => "~",
        "textasciicircum" => "^",
        "textasciigrave" => "`",
        "textasciiacute" => "´",
        "textbar" => "|",
        "textless" => "<",
        "textgreater" => ">",
        "textbraceleft" | "lbrace" => "{",
        "textbraceright" | "rbrace" => "}",
        "textdollar" => "\\$",
        "textunderscore" => "_",
        "textbullet" => "•",
        "textperiodcentered" => "·",
        "textdegree" | "degree" => "°",
        "textmu" => "µ",
        "texttimes" => "×",
        "textpm" => "±",
        "textonehalf" => "½",
        "textordfeminine" => "ª",
        "textordmasculine" => "º",
        "textrightarrow" => "→",
        "textasteriskcentered" => "*",
        "LaTeX" => "LaTeX",
        "TeX" => "TeX",
        "BibTeX" => "BibTeX",
        "LaTeXe" => "LaTeX2ε",
        "mathsemicolon" => ";",
        _ => return rare(name),
    })
}

/// Signs of phonetics and of the companion fonts, as Better BibTeX writes them.
fn rare(name: &str) -> Option<&'static str> {
    Some(match name {
        "hyphen" | "texthyphen" | "textnonbreakinghyphen" => "-",
        "textpipe" => "ǀ",
        "textdoublepipe" => "ǁ",
        "textdoublebarpipe" => "ǂ",
        "textbardbl" | "textdoublevertline" => "‖",
        "textbrokenbar" => "¦",
        "textschwa" => "ə",
        "textopeno" => "ɔ",
        "textepsilon" => "ɛ",
        "textglotstop" => "ʔ",
        "textprimstress" => "ˈ",
        "textlengthmark" => "ː",
        "textnumero" => "№",
        "textperthousand" => "‰",
        "textonequarter" => "¼",
        "textthreequarters" => "¾",
        "textonesuperior" => "¹",
        "texttwosuperior" => "²",
        "textthreesuperior" => "³",
        "textcent" => "¢",
        "textcurrency" => "¤",
        "textwon" => "₩",
        "textdiv" => "÷",
        "textlnot" => "¬",
        "textminus" => "−",
        "textleftarrow" => "←",
        "textuparrow" => "↑",
        "textdownarrow" => "↓",
        "textinterrobang" => "‽",
        "textvisiblespace" => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_become_letters() {
        for (tex, plain) in [
            (r#"G{\"o}del, G\"odel, {G\"{o}del}"#, "Gödel, Gödel, Gödel"),
            (
                r"Erd{\H{o}}s and \v{C}ech and \'{\i} \'\i{} {\'{\i}}",
                "Erdős and Čech and í í í",
            ),
            (
                r"\c{c} \c c {\o} \O{} \AA rhus \ss{} Stra{\ss}e",
                "ç ç ø Ø Århus ß Straße",
            ),
            (r"Nguy{\~{\^e}}n", "Nguy\u{1ec5}n"),
            (
                r"Ro\textcommabelow sia, y\textacutemacron a",
                "Roșia, ya\u{1dc7}",
            ),
            (r"\L{}ukasz Kaiser", "Łukasz Kaiser"),
            (r"\'", ""),
            (r"\'{}", "´"),
        ] {
            assert_eq!(words(tex), plain, "{tex}");
        }
    }

    #[test]
    fn dress_is_taken_off_and_words_stay() {
        for (tex, plain) in [
            (
                r"{BERT}: {\emph{Pre}-training} of \textbf{Deep \textit{X}}",
                "BERT: Pre-training of Deep X",
            ),
            (
                r"{\it E. coli} and \unknown{words} \nosuch here",
                "E. coli and words nosuch here",
            ),
            (
                r"R\&D at 5\% \#1 a\_b \{x\} \$5",
                r"R&D at 5% #1 a_b {x} \$5",
            ),
            (r"``Why'' `me'---1--2", "“Why” ‘me'—1–2"),
            (
                r"$\mathcal{O}(n \log n)$ and $ x $ of \(y\)",
                r"$\mathcal{O}(n \log n)$ and $x$ of $y$",
            ),
            (
                r"\alpha-stable, CO\textsubscript{2}",
                r"$\alpha$-stable, CO₂",
            ),
            (
                r"\href{https://a.b/c_d}{site} \url{https://a.b/~c_d--e}",
                "site https://a.b/~c_d--e",
            ),
            (r"A~B\,C \ D", "A B C  D"),
            ("a {\\&}amp$\\mathsemicolon$ b", "a &amp; b"),
            ("one\ntwo\n\nthree\\par four", "one two\nthree\nfour"),
            (r"it costs $5", r"it costs \$5"),
            (
                r"a\hyphen b, \textdoublepipe Khomani \textnosuch San, \textnosuch{x}",
                "a-b, ǁKhomani  San, x",
            ),
            (
                r"by $R_{1\text{$\rho$}}$ and $f \text{ if $x$ is} 1$",
                r"by $R_{1 \rho }$ and $f \text{ if }x\text{ is} 1$",
            ),
            (r"}}{ } x {", "  x "),
            (r"\", ""),
        ] {
            assert_eq!(words(tex), plain, "{tex}");
        }
    }

    #[test]
    fn addresses_stay_as_they_are() {
        for (tex, plain) in [
            (
                r"https://a.b/c\_d?e=f\%20g\&h=~i--j",
                "https://a.b/c_d?e=f%20g&h=~i--j",
            ),
            (r"\url{https://a.b/\~{}c}", "https://a.b/~c"),
            (r"10.1000/{\_}x{\textasciitilde}y", "10.1000/_x~y"),
        ] {
            assert_eq!(verbatim(tex), plain, "{tex}");
        }
    }

    #[test]
    fn depth_does_no_harm() {
        for unit in [
            "{",
            r"\emph{",
            r"\'",
            r"\'{",
            "$",
            r"\ensuremath{",
            r"\url{",
        ] {
            let tex = unit.repeat(100_000);
            assert!(words(&tex).len() <= tex.len() * 2, "{unit}");
        }
    }
}

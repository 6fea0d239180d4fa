//! What is said of the words of a text, where they stand.

use std::ops::Range;

use comrak::Node;
use comrak::nodes::{NodeValue, Sourcepos};
use offprint_math::Fault;

use super::line::next_bare_url;
use super::{Around, Document, Manuscript, first_line};
use crate::chars::is_han;
use crate::check::link::{self, Written};
use crate::diagnostic::{Diagnostic, Edit, Fix, Place};

/// Half-width marks and the full-width ones that Chinese text has for them.
const MARKS: &[(char, &str)] = &[
    (',', "，"),
    (';', "；"),
    (':', "："),
    ('?', "？"),
    ('!', "！"),
];

/// How many characters behind a bracket tell what it is about.
const NEAR: usize = 64;

/// How often Chinese and Latin words meet in a file, and where they touch first.
#[derive(Debug, Default)]
pub(crate) struct Meetings {
    touching: usize,
    all: usize,
    first: Option<Range<usize>>,
}

impl Meetings {
    /// Takes what was counted of a later part of the file.
    pub(crate) fn absorb(&mut self, later: Self) {
        self.touching += later.touching;
        self.all += later.all;
        self.first = self.first.take().or(later.first);
    }

    /// What is said of it, once a file.
    pub(crate) fn report(self, source: &std::sync::Arc<crate::Source>) -> Option<Diagnostic> {
        let place = Place::new(source, self.first?);
        let message = format!(
            "Chinese and Latin words touch in {} of {} places",
            self.touching, self.all
        );
        let remark = Diagnostic::remark("no-space-cjk-latin", message).at(place);
        Some(
            remark
                .label("the first of them")
                .hint("leave a blank between them, as pages and articles have it"),
        )
    }
}

impl Manuscript<'_> {
    /// Says what is to be said of words that stand at `at` and are read as `text`.
    pub(super) fn judge_words(
        &mut self,
        document: &Document<'_>,
        at: Sourcepos,
        text: &str,
        around: Around,
    ) {
        let has_address = around == Around::Prose && text.contains("http");
        let is_chinese = !text.is_ascii() && text.chars().any(is_han);
        if !has_address && !is_chinese {
            return;
        }
        let mut words = Words {
            text,
            place: None,
            is_as_written: document.written(at) == text,
        };
        let addresses = if has_address {
            self.judge_addresses(document, at, &mut words)
        } else {
            Vec::new()
        };
        if is_chinese {
            if around != Around::Label && is_chinese_prose(text, &addresses) {
                self.judge_marks(document, at, &mut words);
            }
            self.judge_meetings(document, at, &mut words, &addresses);
        }
    }

    /// Says what is wrong with a formula that stands at `at` and is read as `tex`.
    pub(super) fn judge_formula(&mut self, document: &Document<'_>, at: Sourcepos, tex: &str) {
        if tex.trim().is_empty() {
            return;
        }
        if let Err(fault) = offprint_math::check(tex) {
            let place = self.place(document, at);
            self.diagnostics.push(unreadable(tex, fault, &place));
        }
    }

    /// The place of some of the words; all of them where they are written otherwise.
    fn place_in(
        &mut self,
        document: &Document<'_>,
        at: Sourcepos,
        words: &mut Words<'_>,
        span: Range<usize>,
    ) -> Place {
        let whole = match &words.place {
            Some(place) => place.clone(),
            None => self.place(document, at),
        };
        words.place = Some(whole.clone());
        let start = whole.span.start;
        let is_there =
            words.is_as_written && self.source.text.get(whole.span.clone()) == Some(words.text);
        if is_there {
            Place::new(self.source, start + span.start..start + span.end)
        } else {
            whole
        }
    }

    /// Returns where the addresses are.
    fn judge_addresses(
        &mut self,
        document: &Document<'_>,
        at: Sourcepos,
        words: &mut Words<'_>,
    ) -> Vec<Range<usize>> {
        let mut addresses = Vec::new();
        let mut run_into = Vec::new();
        let text = words.text;
        let mut from = 0;
        while let Some((skipped, written)) = text.get(from..).and_then(next_bare_url) {
            let start = from + skipped;
            let end = start + written.len();
            from = end;
            addresses.push(start..end);
            let after = text.get(end..).and_then(|rest| rest.chars().next());
            let touches = after.is_some_and(is_han);
            if !touches && link::is_settled(written) {
                continue;
            }
            let place = self.place_in(document, at, words, start..end);
            if crate::check::url::absolute(written).is_ok() {
                let written = Written {
                    text: written,
                    place: &place,
                    is_landing: false,
                    is_set_off: false,
                };
                link::judge(written, &mut self.diagnostics);
            }
            if touches {
                run_into.push((start..end, written));
            }
        }
        if let Some((first, _)) = run_into.first() {
            let place = self.place_in(document, at, words, first.clone());
            self.diagnostics.push(touched(text, &run_into, &place));
        }
        addresses
    }

    fn judge_marks(&mut self, document: &Document<'_>, at: Sourcepos, words: &mut Words<'_>) {
        let kept = kept(words.text);
        let is_kept = |edit: &Edit| {
            let before = kept.partition_point(|kept| kept.start <= edit.span.start);
            let kept = before.checked_sub(1).and_then(|at| kept.get(at));
            kept.is_some_and(|kept| edit.span.start < kept.end)
        };
        let mut edits = half_width_marks(words.text);
        edits.extend(uneven_brackets(words.text));
        edits.retain(|edit| !is_kept(edit));
        edits.sort_by_key(|edit| edit.span.start);
        let Some(first) = edits.first() else {
            return;
        };
        let place = self.place_in(document, at, words, first.span.clone());
        let mark = words.text.get(first.span.clone()).unwrap_or_default();
        let message = format!("`{}` is half as wide as its neighbours", mark.trim());
        let message = if mark.is_ascii() {
            message
        } else {
            format!("`{mark}` is wider than the bracket it belongs to")
        };
        let mut found = Diagnostic::warning("mixed-width-punctuation", message)
            .at(place.clone())
            .hint(format!("write `{}`", first.text));
        if edits.len() > 1 {
            found = found.label(format!("the first of {} here", edits.len()));
        }
        if let Some(offset) = place.span.start.checked_sub(first.span.start)
            && place.span.len() == first.span.len()
        {
            let shift = |edit: &Edit| Edit {
                span: edit.span.start + offset..edit.span.end + offset,
                text: edit.text.clone(),
            };
            let is_bracket = |edit: &Edit| matches!(edit.text.as_str(), "（" | "）");
            let is_certain = |edit: &&Edit| is_bracket(edit) || !self.has_unclear_marks;
            let source = &place.source.text;
            let edits: Vec<Edit> = edits
                .iter()
                .filter(is_certain)
                .map(shift)
                .filter(|edit| !touches_sign(source, &edit.span))
                .collect();
            if !edits.is_empty() {
                found = found.fix(Fix {
                    about: "write the marks of Chinese text full-width".to_owned(),
                    edits,
                });
            }
        }
        self.diagnostics.push(found);
    }

    fn judge_meetings(
        &mut self,
        document: &Document<'_>,
        at: Sourcepos,
        words: &mut Words<'_>,
        addresses: &[Range<usize>],
    ) {
        let mut first = None;
        for meeting in meetings(words.text, addresses) {
            self.meetings.all += 1;
            if let Some(span) = meeting {
                self.meetings.touching += 1;
                first = first.or(Some(span));
            }
        }
        if let Some(span) = first.filter(|_| self.meetings.first.is_none()) {
            let place = self.place_in(document, at, words, span);
            self.meetings.first = Some(place.span);
        }
    }

    /// Warns of headings that are more than one level below the one above them. The text of a
    /// paper begins with level 4.
    pub(super) fn judge_headings(&mut self, document: &Document<'_>, nodes: &[Node<'_>]) {
        let mut above = 3;
        for node in nodes {
            let data = node.data();
            let NodeValue::Heading(heading) = &data.value else {
                continue;
            };
            let level = heading.level.max(4);
            if level > above + 1 {
                let wanted = "#".repeat(usize::from(above) + 1);
                let place = super::first_line(&self.place(document, data.sourcepos));
                self.diagnostics.push(
                    Diagnostic::warning("heading-skip", "this heading leaves out a level")
                        .at(place)
                        .hint(format!("write `{wanted}`, and lift those below it too")),
                );
            }
            above = level;
        }
    }
}

/// Words of a text while they are judged.
struct Words<'t> {
    text: &'t str,
    /// Where they stand, once that was asked for.
    place: Option<Place>,
    /// Whether the author wrote them as they are read.
    is_as_written: bool,
}

/// Whether most of some words is Chinese, but for addresses, so that its marks are to be: names in an English
/// sentence stand between English commas, and Japanese has marks of its own.
fn is_chinese_prose(text: &str, addresses: &[Range<usize>]) -> bool {
    /// So many letters of a Latin word are as long to read as a Han character.
    const LETTERS: usize = 3;
    let is_kana = |character: char| matches!(character, '\u{3040}'..='\u{30fa}');
    let han = text.chars().filter(|&character| is_han(character)).count();
    let all = text.chars().filter(|character| character.is_alphabetic());
    let addresses = addresses.iter().filter_map(|span| text.get(span.clone()));
    let of_addresses = addresses
        .flat_map(str::chars)
        .filter(|character| character.is_alphabetic());
    let letters = all.count() - han - of_addresses.count();
    han * LETTERS > letters && !text.contains(is_kana)
}

/// What is said of addresses in a text that Chinese touches, the first of which is at `place`.
fn touched(text: &str, addresses: &[(Range<usize>, &str)], place: &Place) -> Diagnostic {
    let Some((first, written)) = addresses.first() else {
        return Diagnostic::warning("bare-url-cjk", "Chinese text touches an address");
    };
    let mut found = Diagnostic::warning("bare-url-cjk", "Chinese text touches this address")
        .at(place.clone())
        .hint(format!(
            "write <{}>: other programs take the Chinese into the address",
            crate::load::shown(written)
        ));
    if addresses.len() > 1 {
        found = found.label(format!("the first of {} here", addresses.len()));
    }
    // What ends so, or has such marks behind it, may have gone on with Chinese.
    let is_open = |written: &str, rest: &str| {
        let run = rest.find(is_end_of_address).and_then(|end| rest.get(..end));
        let run = run.unwrap_or(rest);
        written.ends_with(['/', '=', '-', '&', '#', '?', '%'])
            || run.contains([',', ';', ':', '?', '!', '(', ')', '/', '&', '=', '#', '%'])
    };
    let rest_of = |span: &Range<usize>| text.get(span.end..).unwrap_or_default();
    if is_open(written, rest_of(first)) {
        found = found.hint("if the Chinese belongs to the address, put it into the brackets too");
    }
    let is_there = place.source.text.get(place.span.clone()) == Some(written);
    let source = &place.source.text;
    let edits: Vec<Edit> = match place.span.start.checked_sub(first.start) {
        Some(offset) if is_there => addresses
            .iter()
            .filter(|(span, written)| !is_open(written, rest_of(span)))
            .map(|(span, _)| span.start + offset..span.end + offset)
            .filter(|span| !touches_sign(source, span))
            .flat_map(|span| [(span.start, "<"), (span.end, ">")])
            .map(|(at, mark)| Edit {
                span: at..at,
                text: mark.to_owned(),
            })
            .collect(),
        Some(_) | None => Vec::new(),
    };
    if edits.is_empty() {
        return found;
    }
    found.fix(Fix {
        about: "put addresses that Chinese touches into angle brackets".to_owned(),
        edits,
    })
}

/// What ends an address for certain.
fn is_end_of_address(character: char) -> bool {
    character.is_whitespace() || matches!(character, '。' | '，' | '；' | '！' | '？' | '、')
}

/// What ends a sentence.
fn is_end_of_sentence(character: char) -> bool {
    matches!(character, '。' | '！' | '？' | '\n')
}

/// Stretches of a text in which marks are not for us to change, in order: addresses with all
/// that may belong to them, what stands in square brackets, for it may be the name of a link,
/// and sentences that are formulas or ratios.
fn kept(text: &str) -> Vec<Range<usize>> {
    let mut kept = Vec::new();
    let mut start = 0;
    for run in text.split_inclusive(is_end_of_address) {
        if let Some(at) = address_in(run) {
            kept.push(start + at..start + run.len());
        }
        start += run.len();
    }
    let mut open = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '[' => open.push(at),
            ']' => {
                if let Some(start) = open.pop()
                    && open.is_empty()
                {
                    kept.push(start..at);
                }
            }
            _ => {}
        }
    }
    start = 0;
    for sentence in text.split_inclusive(is_end_of_sentence) {
        if is_formula(sentence) {
            kept.push(start..start + sentence.len());
        }
        start += sentence.len();
    }
    joined(kept)
}

/// Stretches in order, those that meet made one.
fn joined(mut stretches: Vec<Range<usize>>) -> Vec<Range<usize>> {
    stretches.sort_by_key(|stretch| stretch.start);
    let mut out: Vec<Range<usize>> = Vec::new();
    for stretch in stretches {
        match out.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            Some(_) | None => out.push(stretch),
        }
    }
    out
}

/// Where in a run without blanks an address begins: at its scheme, or at a host with a path.
fn address_in(run: &str) -> Option<usize> {
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':');
    let bytes = run.as_bytes();
    let mut host = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if is_host(byte) {
            continue;
        }
        if *byte == b'/' {
            let name = run.get(host..at).unwrap_or_default();
            let is_scheme = name.ends_with(':') && bytes.get(at + 1) == Some(&b'/');
            let is_known = name
                .split(':')
                .next()
                .and_then(|name| name.rsplit_once('.'));
            let is_known = is_known.is_some_and(|(name, last)| {
                !name.is_empty()
                    && last.len() > 1
                    && last.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
            if is_scheme || is_known {
                return Some(host);
            }
        }
        host = at + 1;
    }
    None
}

/// Whether a sentence has a sign of a formula or a ratio in it.
fn is_formula(sentence: &str) -> bool {
    let signs = ['=', '≈', '≠', '≤', '≥', '×', '÷', '∝', '∈', '→'];
    let bytes = sentence.as_bytes();
    sentence.contains(signs)
        || bytes.windows(3).any(|three| {
            matches!(three, [before, b':', after]
                if before.is_ascii_digit() && after.is_ascii_digit())
        })
}

/// Whether a line has half-width marks of which nobody can tell whether they are Chinese: Han
/// characters stand on one side of them, and on the other a digit, a word, a formula, or the
/// end of what is set in bold. A line with some of them made full-width would be as uneven as
/// before. `\u{fffc}` stands for what is no text.
pub(super) fn has_unclear_marks(line: &str) -> bool {
    let is_mark = |character: char| MARKS.iter().any(|(mark, _)| *mark == character);
    if !line.contains(is_mark) || !line.contains(is_han) {
        return false;
    }
    let kept = kept(line);
    let mut kept = kept.iter().peekable();
    line.match_indices(is_mark).any(|(at, mark)| {
        while kept.next_if(|kept| kept.end <= at).is_some() {}
        if kept.peek().is_some_and(|kept| kept.start <= at) {
            return false;
        }
        let before = line.get(..at).unwrap_or_default();
        let after = line.get(at + mark.len()..).unwrap_or_default();
        let bare = after.strip_prefix(' ').unwrap_or(after);
        let is_between = before.ends_with(is_han) && bare.starts_with(is_han);
        let touches = before.trim_end().ends_with(is_han) || bare.trim_start().starts_with(is_han);
        touches && !is_between
    })
}

/// Whether a place in a text stands beside signs that mean something else beside other
/// characters: those that emphasize or escape.
fn touches_sign(text: &str, span: &Range<usize>) -> bool {
    let is_sign = ['*', '_', '~', '\\'];
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    before.ends_with(is_sign) || after.starts_with(is_sign)
}

/// Half-width marks between Han characters, with a blank behind them or without.
fn half_width_marks(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let is_mark = |character: char| MARKS.iter().any(|(mark, _)| *mark == character);
    for (at, found) in text.match_indices(is_mark) {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let rest = text.get(at + found.len()..).unwrap_or_default();
        let bare = rest.strip_prefix(' ').unwrap_or(rest);
        let is_between = before.is_some_and(is_han) && bare.starts_with(is_han);
        let wide = MARKS.iter().find(|(mark, _)| found.starts_with(*mark));
        if let Some((_, wide)) = wide.filter(|_| is_between) {
            let end = at + found.len() + (rest.len() - bare.len());
            edits.push(Edit {
                span: at..end,
                text: (*wide).to_owned(),
            });
        }
    }
    edits
}

/// Round brackets of two widths that belong together, about Han characters or beside them.
fn uneven_brackets(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '(' | '（' => open.push((at, character)),
            ')' | '）' => {
                let Some((start, opener)) = open.pop() else {
                    continue;
                };
                if (opener == '（') == (character == '）') {
                    continue;
                }
                let end = at + character.len_utf8();
                let before = text.get(..start).and_then(|text| text.chars().next_back());
                let mut within = text.get(start..at).unwrap_or_default().chars();
                let is_chinese = before.is_some_and(is_han)
                    || within.by_ref().take(NEAR).any(is_han)
                    || text.get(end..).unwrap_or_default().starts_with(is_han);
                if is_chinese {
                    let (at, wide) = if opener == '(' {
                        (start, "（")
                    } else {
                        (at, "）")
                    };
                    edits.push(Edit {
                        span: at..at + 1,
                        text: wide.to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
    edits
}

/// Where Han characters and Latin words meet: nothing where a blank parts them, else the two
/// characters. A single letter may be one word with its neighbour: `T恤`, `B站`. Addresses,
/// which come in order, are no words.
fn meetings(text: &str, addresses: &[Range<usize>]) -> Vec<Option<Range<usize>>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut addresses = addresses.iter().peekable();
    let mut from = 0;
    while let Some(skipped) = bytes
        .get(from..)
        .and_then(|rest| rest.iter().position(u8::is_ascii_alphabetic))
    {
        let start = from + skipped;
        if let Some(address) = addresses.next_if(|address| start >= address.start) {
            from = address.end;
            continue;
        }
        let rest = bytes.get(start..).unwrap_or_default();
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
        let end = start + rest.iter().take_while(|byte| is_word(byte)).count();
        from = end;
        if end - start < 2 {
            continue;
        }
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(end..).unwrap_or_default();
        if let Some(han) = before.chars().next_back().filter(|before| is_han(*before)) {
            found.push(Some(start - han.len_utf8()..start + 1));
        } else if before
            .strip_suffix(' ')
            .is_some_and(|before| before.ends_with(is_han))
        {
            found.push(None);
        }
        if let Some(han) = after.chars().next().filter(|after| is_han(*after)) {
            found.push(Some(end - 1..end + han.len_utf8()));
        } else if after
            .strip_prefix(' ')
            .is_some_and(|after| after.starts_with(is_han))
        {
            found.push(None);
        }
    }
    found
}

/// What is said of a formula, read as `tex`, that stands at `place` or in it: the sign that is at
/// fault, where the file has the formula as it was read.
pub(crate) fn unreadable(tex: &str, fault: Fault, place: &Place) -> Diagnostic {
    let written = place.source.text.get(place.span.clone());
    let written = written.unwrap_or_default();
    // Marks of quotations may stand between a formula's lines: the sign alone is looked for.
    let sign = tex.get(fault.range.clone()).unwrap_or_default();
    let whole = written.find(tex).map(|found| found + fault.range.start);
    let alone = || written.find(sign).filter(|_| sign.len() > 1);
    let at = match whole.or_else(alone) {
        Some(found) => {
            let start = place.span.start + found;
            Place::new(&place.source, start..start + fault.range.len())
        }
        None => first_line(place),
    };
    let diagnostic = Diagnostic::error("math-error", fault.message).at(at);
    match fault.suggestion {
        Some(suggestion) => diagnostic.label(format!("did you mean `{suggestion}`?")),
        None => diagnostic.hint(
            "formulas are written in the TeX of papers; `\\$` is a dollar sign that begins none",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mend::mend;
    use crate::source::Source;
    use crate::text::{Block, Inline, plain_text};

    fn read(markdown: &str) -> (Vec<String>, String, Vec<Block>) {
        let source = Source::new("text", markdown);
        let mut manuscript = Manuscript::new(&source, "", false);
        let text = manuscript.text(markdown, 0..markdown.len());
        let mut found = manuscript.diagnostics;
        found.extend(manuscript.meetings.report(&source));
        let codes = found.iter().map(|found| {
            let (line, column) = found.place.as_ref().unwrap().line_column();
            format!("{line}:{column} {}", found.code)
        });
        let fixes = found.iter().filter_map(|found| found.fix.as_deref());
        (codes.collect(), mend(markdown, fixes).text, text)
    }

    #[test]
    fn an_address_that_chinese_touches_is_put_into_brackets_and_published_alike() {
        let written =
            "见https://arxiv.org/abs/2006_05929看，又 http://github.com/a_b?utm_source=x 。";
        let (codes, mended, text) = read(written);
        assert_eq!(
            codes,
            [
                "1:38 http-link",
                "1:38 tracking-parameter",
                "1:2 bare-url-cjk"
            ]
        );
        assert_eq!(
            mended,
            "见<https://arxiv.org/abs/2006_05929>看，又 https://github.com/a_b 。"
        );
        let (codes, again, after) = read(&mended);
        assert_eq!((codes, again), (Vec::new(), mended));
        let first = |text: &[Block]| match text {
            [Block::Paragraph(line)] => line.get(1).cloned(),
            _ => None,
        };
        assert!(matches!(first(&text), Some(Inline::Link { .. })));
        assert_eq!(first(&text), first(&after));
        // Where Chinese may belong to it, nobody can tell.
        let wiki = "https://zh.wikipedia.org/wiki/自监督";
        assert_eq!(read(wiki).1, wiki);
        assert_eq!(read(wiki).0, ["1:1 bare-url-cjk"]);
    }

    #[test]
    fn marks_between_han_characters_are_made_full_width() {
        let (codes, mended, _) = read("一,二, 三;四（五)六(七）八**九,十**");
        assert_eq!(
            codes,
            [
                "1:2 mixed-width-punctuation",
                "1:20 mixed-width-punctuation"
            ]
        );
        assert_eq!(mended, "一，二，三；四（五）六（七）八**九，十**");
        for fine in [
            "BERT, GPT 与 a:b",
            "一（BERT）二 (GPT) 三",
            "比分 3:2，见 f(x)，一 (二) 三",
            "`一,二` 与 $一,二$",
            "a（b)",
            "The work of 王小明, 李四 and others shows that it is right.",
            "漢字,漢字です。",
            "一。二，三：四",
        ] {
            assert_eq!(read(fine).1, fine);
            let codes = read(fine).0;
            assert!(
                codes.iter().all(|code| code.contains("no-space")),
                "{codes:?}"
            );
        }
    }

    #[test]
    fn an_address_is_left_as_it_is_with_all_that_may_belong_to_it() {
        for fine in [
            "见 <https://a.example.org/中,文>。",
            "https://zh.wikipedia.org/wiki/自监督,学习",
            "https://a.example.org/x图,文(一）",
            "https://a.example.org/甲·乙,丙:丁 见",
            "zh.wikipedia.org/wiki/自监督,学习",
            "a.example.org:80/甲,乙",
            "[x](https://a.example.org/中,文 \"题,目\")",
            "[中,文]、[中,文][] 与 [中,文][乙,丙]\n\n[中,文]: https://a.example.org/\n[乙,丙]: https://b.example.org/",
            "没有的[中,文]",
            "[http://arxiv.org/abs/1][甲]\n\n[甲]: http://arxiv.org/abs/1",
        ] {
            assert_eq!(read(fine).1, fine);
            let codes = read(fine).0;
            assert!(
                codes.iter().all(|code| !code.contains("mixed")),
                "{fine}: {codes:?}"
            );
        }
        let (_, mended, _) = read("见 https://a.cn/x,中文。甲,乙 <https://a.cn/y,丙> 丁,戊");
        assert_eq!(
            mended,
            "见 https://a.cn/x,中文。甲，乙 <https://a.cn/y,丙> 丁，戊"
        );
        let title = "[x](http://arxiv.org/abs/1 \"](http://arxiv.org/abs/1\")";
        assert_eq!(read(title).1, title);
        assert_eq!(
            read("[x](<http://arxiv.org/a>)").1,
            "[x](<https://arxiv.org/a>)"
        );
        assert_eq!(read("<http://arxiv.org/a>").1, "<https://arxiv.org/a>");
        // What is set off does not run on.
        assert_eq!(
            read("<https://a.example.org/中，文>").0,
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_line_with_unclear_marks_keeps_them_all() {
        for unclear in [
            "图1:说明;表二,三",
            "中文,乙,**粗体**,中文",
            "甲,乙,公式$x$,丙",
            "甲,乙列表:",
            "甲,乙, BERT",
            "甲,乙,\n丙",
        ] {
            let (codes, mended, _) = read(unclear);
            assert_eq!(mended, unclear);
            assert_eq!(
                codes.iter().filter(|code| code.contains("mixed")).count(),
                1
            );
        }
        for ratio in ["甲:乙=1:2", "甲:乙是 1:2", "若甲,乙≤丙"] {
            let (codes, mended, _) = read(ratio);
            assert_eq!((codes, mended.as_str()), (Vec::new(), ratio));
        }
        assert_eq!(read("比分 3:2。甲,乙").1, "比分 3:2。甲，乙");
        // Brackets belong together whatever the marks about them.
        assert_eq!(read("列表（一)：图1:说明").1, "列表（一）：图1:说明");
        // Emphasis hangs on what stands beside its signs.
        let starred = "甲（乙)**a";
        assert_eq!(read(starred).1, starred);
    }

    #[test]
    fn words_that_touch_are_told_of_once() {
        let source = Source::new("text", "用BERT做，与 GPT 比，B站、T恤、3D");
        let mut manuscript = Manuscript::new(&source, "", false);
        manuscript.text(&source.text, 0..source.text.len());
        let found = manuscript.meetings.report(&source).unwrap();
        assert_eq!(
            found.message,
            "Chinese and Latin words touch in 2 of 4 places"
        );
        assert_eq!(found.place.unwrap().span, 0..4);
        assert_eq!(read("与 GPT 比，`一a一`").0, Vec::<String>::new());
    }

    #[test]
    fn a_heading_that_leaves_out_a_level_is_told_of() {
        let (codes, _, text) = read("#### 一\n\n###### 二\n\n##### 三\n\n###### 四\n");
        assert_eq!(codes, ["3:1 heading-skip"]);
        assert_eq!(plain_text(&text).lines().count(), 4);
        assert_eq!(read("##### 一").0, ["1:1 heading-skip"]);
    }

    #[test]
    fn words_that_are_written_otherwise_are_told_of_and_not_mended() {
        let written = "一&#44;二 一\\,二";
        let (codes, mended, _) = read(written);
        assert_eq!(codes.len(), 1, "{codes:?}");
        assert_eq!(mended, written);
    }
}

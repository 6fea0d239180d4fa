//! Chinese typography of a line: blanks between Han and Latin, full-width punctuation.
//!
//! A line is looked at as a whole, across emphasis and links, before it is written. What is
//! set right once stays as it is (GB/T 15834, and the W3C's requirements for Chinese text
//! layout, §3.2.2).

use std::borrow::Cow;

use offprint_core::Inline;
use offprint_core::chars::is_han;
use offprint_core::text::plain;

/// Stands for a box in the line: a formula, a picture, a mark.
const BOX: char = '\u{fffc}';
/// Stands for code, which is set apart from Han as words are.
const CODE: char = '\u{fffb}';
/// Stands for the line's end.
const END: char = '\n';
/// How many characters stand before a dot within a line at least: after fewer it is that of
/// `一.` or of a name.
const SENTENCE: usize = 4;

/// What is done to lines of prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Typography {
    /// Whether Han characters and Latin words or numbers are set apart by a blank.
    pub(crate) spacing: bool,
    /// Whether half-width punctuation of Chinese becomes full-width.
    pub(crate) punctuation: bool,
}

impl Typography {
    /// Nothing but blanks that follow each other become one.
    pub(crate) const VERBATIM: Self = Self {
        spacing: false,
        punctuation: false,
    };

    /// The line as it is to be written, without blanks at its ends and beside each other, and
    /// without characters that take no room.
    pub(crate) fn line(self, content: &[Inline]) -> Cow<'_, [Inline]> {
        if self.is_settled(content) {
            return Cow::Borrowed(content);
        }
        let mut letters = Vec::new();
        gather(content, 0, false, &mut letters);
        collapse(&mut letters);
        fix_addresses(&mut letters);
        let is_eastern = letters.iter().any(|letter| is_eastern(letter.character));
        if self.punctuation && is_eastern {
            quote(&mut letters);
            punctuate(&mut letters);
            drop_blanks_beside_marks(&mut letters);
        }
        if self.spacing {
            space(&mut letters);
        }
        let mut letters = letters.into_iter();
        Cow::Owned(rebuild(content, &mut letters))
    }

    /// Whether a line surely stays as it is, as most lines do that have no Han character.
    fn is_settled(self, content: &[Inline]) -> bool {
        let looks_at_han = self.spacing || self.punctuation;
        let [Inline::Text(text)] = content else {
            return false;
        };
        let mut after_blank = true;
        for character in text.chars() {
            let is_blank = character == ' ';
            let is_changed = (is_blank && after_blank)
                || matches!(
                    character,
                    '\n' | '\t' | '\u{200b}' | '\u{2060}' | '\u{feff}'
                )
                || (looks_at_han && is_eastern(character));
            if is_changed {
                return false;
            }
            after_blank = is_blank;
        }
        !after_blank
    }
}

/// A character of the line, with what becomes of it.
#[derive(Debug, Clone, Copy)]
struct Letter {
    character: char,
    /// How many elements it stands within.
    depth: usize,
    /// Whether it stays as it is: in an address, or a box.
    is_fixed: bool,
    is_dropped: bool,
    blanks: Blanks,
}

/// Where a blank is put beside a character.
#[derive(Debug, Clone, Copy, Default)]
struct Blanks {
    before: bool,
    after: bool,
}

fn gather(content: &[Inline], depth: usize, is_fixed: bool, letters: &mut Vec<Letter>) {
    let letter = |character, is_fixed| Letter {
        character,
        depth,
        is_fixed,
        is_dropped: false,
        blanks: Blanks::default(),
    };
    for inline in content {
        match inline {
            Inline::Text(text) => {
                letters.extend(text.chars().map(|character| letter(character, is_fixed)));
            }
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
                gather(content, depth + 1, is_fixed, letters);
            }
            Inline::Link { url, content } => {
                let is_address = is_address(url, content);
                gather(content, depth + 1, is_fixed || is_address, letters);
            }
            Inline::Code(_) => letters.push(letter(CODE, true)),
            Inline::Math(_) | Inline::Image(_) | Inline::FootnoteRef(_) => {
                letters.push(letter(BOX, true));
            }
            Inline::HardBreak => letters.push(letter(END, true)),
        }
    }
}

/// Whether a link shows nothing but its own address.
pub(crate) fn is_address(url: &str, content: &[Inline]) -> bool {
    let label = plain(content);
    label == url || url.strip_prefix("mailto:") == Some(&label)
}

fn rebuild(content: &[Inline], letters: &mut std::vec::IntoIter<Letter>) -> Vec<Inline> {
    let mut out = Vec::with_capacity(content.len());
    for inline in content {
        out.push(match inline {
            Inline::Text(text) => {
                let mut line = String::with_capacity(text.len());
                for letter in letters.by_ref().take(text.chars().count()) {
                    if letter.blanks.before {
                        line.push(' ');
                    }
                    if !letter.is_dropped {
                        line.push(letter.character);
                    }
                    if letter.blanks.after {
                        line.push(' ');
                    }
                }
                Inline::Text(line)
            }
            Inline::Emphasis(content) => Inline::Emphasis(rebuild(content, letters)),
            Inline::Strong(content) => Inline::Strong(rebuild(content, letters)),
            Inline::Strike(content) => Inline::Strike(rebuild(content, letters)),
            Inline::Link { url, content } => Inline::Link {
                url: url.clone(),
                content: rebuild(content, letters),
            },
            Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => {
                letters.next();
                inline.clone()
            }
        });
    }
    out
}

/// Drops what takes no room and all blanks but one between words.
fn collapse(letters: &mut [Letter]) {
    let mut after_blank = true;
    // The blank that a line ends with, if nothing follows it.
    let mut last_blank: Option<usize> = None;
    let mut trailing = Vec::new();
    for (place, letter) in letters.iter_mut().enumerate() {
        match letter.character {
            // Breaks lines in the editor, and is never seen.
            '\u{200b}' | '\u{2060}' | '\u{feff}' => letter.is_dropped = true,
            END if letter.is_fixed => {
                trailing.extend(last_blank.take());
                after_blank = true;
            }
            ' ' | '\n' | '\t' => {
                letter.character = ' ';
                letter.is_dropped = after_blank;
                if !after_blank {
                    last_blank = Some(place);
                }
                after_blank = true;
            }
            _ => {
                last_blank = None;
                after_blank = false;
            }
        }
    }
    trailing.extend(last_blank);
    for place in trailing {
        if let Some(letter) = letters.get_mut(place) {
            letter.is_dropped = true;
        }
    }
}

/// Addresses that stand in the text without being links stay as they are.
fn fix_addresses(letters: &mut [Letter]) {
    let is = |letters: &[Letter], place: usize, wanted: char| {
        letters
            .get(place)
            .is_some_and(|letter| letter.character == wanted)
    };
    let mut place = 0;
    while place < letters.len() {
        let is_scheme =
            is(letters, place, ':') && is(letters, place + 1, '/') && is(letters, place + 2, '/');
        if !is_scheme {
            place += 1;
            continue;
        }
        let before = letters.get(..place).unwrap_or_default();
        let scheme = before
            .iter()
            .rev()
            .take(10)
            .take_while(|letter| letter.character.is_ascii_alphanumeric())
            .count();
        let rest = letters.get(place..).unwrap_or_default();
        let end = rest
            .iter()
            .take_while(|letter| {
                !matches!(
                    letter.character,
                    ' ' | END
                        | BOX
                        | CODE
                        | '，'
                        | '。'
                        | '；'
                        | '：'
                        | '！'
                        | '？'
                        | '、'
                        | '（'
                        | '）'
                )
            })
            .count();
        if let Some(address) = letters.get_mut(place - scheme..place + end) {
            for letter in address {
                letter.is_fixed = true;
            }
        }
        place += end.max(1);
    }
}

/// The neighbours of each letter, blanks and what takes no room aside.
struct Neighbours {
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
}

impl Neighbours {
    fn of(letters: &[Letter]) -> Self {
        let counts = |letter: &Letter| {
            !letter.is_dropped && letter.character != ' ' && !is_joined(letter.character)
        };
        let mut before = Vec::with_capacity(letters.len());
        let mut last = None;
        for (place, letter) in letters.iter().enumerate() {
            before.push(last);
            if counts(letter) {
                last = Some(place);
            }
        }
        let mut after = Vec::with_capacity(letters.len());
        let mut next = None;
        for (place, letter) in letters.iter().enumerate().rev() {
            after.push(next);
            if counts(letter) {
                next = Some(place);
            }
        }
        after.reverse();
        Self { before, after }
    }

    fn before(&self, letters: &[Letter], place: usize) -> char {
        Self::character(letters, self.before.get(place).copied().flatten())
    }

    fn after(&self, letters: &[Letter], place: usize) -> char {
        Self::character(letters, self.after.get(place).copied().flatten())
    }

    fn character(letters: &[Letter], place: Option<usize>) -> char {
        place
            .and_then(|place| letters.get(place))
            .map_or(END, |letter| letter.character)
    }
}

/// Makes half-width marks full-width where they are Chinese. What a decision depends on is
/// the same before and after others are made: to the left everything is decided; to the
/// right, half-width and full-width marks count as one.
fn punctuate(letters: &mut [Letter]) {
    let neighbours = Neighbours::of(letters);
    let pairs = pairs(letters);
    let is_chinese_line = is_mostly_chinese(letters);
    // Characters since the last mark.
    let mut run = 0;
    for place in 0..letters.len() {
        let Some(&letter) = letters.get(place) else {
            break;
        };
        if letter.is_dropped || letter.character == ' ' {
            continue;
        }
        let (before, after) = (
            neighbours.before(letters, place),
            neighbours.after(letters, place),
        );
        let written = letter.character;
        let is_blank_before = is_blank(letters, place.checked_sub(1));
        let ends_run = written == END || is_mark(written);
        let wide = if letter.is_fixed {
            None
        } else {
            match written {
                ',' | ';' | ':' | '?' | '!' => wide_mark(written, before, after, is_blank_before)
                    .filter(|_| {
                        !matches!(written, ':' | ';')
                            || is_no_face(&pairs, &neighbours, place, after)
                    }),
                '.' => {
                    let ends = matches!(after, END | '”' | '’' | '」' | '』' | ')' | '）')
                        || is_cjk(after)
                        || (is_blank(letters, Some(place + 1)) && !is_mark_or_bracket(after));
                    let least = if after == END { 2 } else { SENTENCE };
                    let follows_chinese = is_chinese(before) && !is_mark(before);
                    // A Chinese sentence may end with a Latin word or a number.
                    let ends_line = after == END && is_chinese_line && ends_word(letters, place);
                    ((follows_chinese && ends || ends_line) && run >= least).then_some('。')
                }
                ')' => {
                    let open = pairs.get(place).copied().flatten();
                    if let Some(open) = open
                        && may_be_wide(letters, &neighbours, open, place)
                    {
                        if let Some(letter) = letters.get_mut(open) {
                            letter.character = '（';
                        }
                        Some('）')
                    } else {
                        None
                    }
                }
                _ => None,
            }
        };
        if let Some(wide) = wide
            && let Some(letter) = letters.get_mut(place)
        {
            letter.character = wide;
        }
        run = if ends_run { 0 } else { run + 1 };
    }
}

/// Makes straight quotation marks around Chinese curly ones, pair by pair.
fn quote(letters: &mut [Letter]) {
    let mut lines = vec![Vec::new()];
    for (place, letter) in letters.iter().enumerate() {
        match letter.character {
            END if letter.is_fixed => lines.push(Vec::new()),
            '"' if !letter.is_fixed => {
                if let Some(line) = lines.last_mut() {
                    line.push(place);
                }
            }
            _ => {}
        }
    }
    // With one too many, nobody knows which belong together.
    for places in lines.iter().filter(|places| places.len() % 2 == 0) {
        for pair in places.chunks_exact(2) {
            let &[open, close] = pair else { continue };
            let within = letters.get(open + 1..close).unwrap_or_default();
            let shown = |letter: &&Letter| !letter.is_dropped && letter.character != ' ';
            let first = within.iter().find(shown);
            let last = within.iter().rev().find(shown);
            // Marks do not tell: they may become full-width later.
            let is_ours = |letter: Option<&Letter>| {
                letter.is_some_and(|letter| {
                    is_cjk(letter.character) || matches!(letter.character, '《' | '》')
                })
            };
            if !is_ours(first) && !is_ours(last) {
                continue;
            }
            for (place, mark) in [(open, '“'), (close, '”')] {
                if let Some(letter) = letters.get_mut(place) {
                    letter.character = mark;
                }
            }
        }
    }
}

/// Whether a line is Chinese with words of other scripts in it, rather than the reverse.
fn is_mostly_chinese(letters: &[Letter]) -> bool {
    let count = |is: fn(char) -> bool| letters.iter().filter(|it| is(it.character)).count();
    let han = count(is_han);
    han >= SENTENCE && han * 3 >= count(|character| character.is_ascii_alphabetic())
}

/// Whether the dot at a place comes after a whole word, number or sign and is no part of an
/// abbreviation as `U.S.` or `etc.`
fn ends_word(letters: &[Letter], place: usize) -> bool {
    let before = letters.get(..place).unwrap_or_default();
    let word: String = before
        .iter()
        .rev()
        .filter(|letter| !letter.is_dropped)
        .take_while(|letter| letter.character.is_ascii_alphanumeric() || letter.character == '.')
        .map(|letter| letter.character)
        .collect();
    let abbreviations = ["cte", "la", "cni", "dtl", "sv"];
    match before.iter().rev().find(|letter| !letter.is_dropped) {
        Some(last) if last.is_fixed => last.character == CODE || last.character == BOX,
        Some(last) if matches!(last.character, '%' | '‰' | '℃' | '+' | '#' | '\'' | '"') => {
            true
        }
        Some(_) => {
            let is_known = abbreviations
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known));
            !word.is_empty() && !word.contains('.') && !is_known
        }
        None => false,
    }
}

/// The partner of each bracket that has one.
fn pairs(letters: &[Letter]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; letters.len()];
    let mut open = Vec::new();
    for (place, letter) in letters.iter().enumerate() {
        match letter.character {
            _ if letter.is_dropped || letter.is_fixed => {}
            '(' => open.push(place),
            ')' => {
                if let Some(start) = open.pop() {
                    for (one, other) in [(start, place), (place, start)] {
                        if let Some(pair) = pairs.get_mut(one) {
                            *pair = Some(other);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    pairs
}

fn wide_mark(mark: char, before: char, after: char, is_blank_before: bool) -> Option<char> {
    let follows_chinese = is_chinese(before)
        && match mark {
            ',' => !matches!(after, ',' | '，'),
            _ => true,
        };
    // A drive has a colon after one letter, and nobody writes Chinese after that; in `BERT:`
    // it is a mark.
    let stands_before_chinese = is_cjk(after) && !is_blank_before && is_word_end(before);
    let wide = match mark {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        _ => return None,
    };
    (follows_chinese || stands_before_chinese).then_some(wide)
}

/// Whether a colon or semicolon is not the eyes of a face, as in `好:)`.
fn is_no_face(pairs: &[Option<usize>], neighbours: &Neighbours, place: usize, after: char) -> bool {
    let next = neighbours.after.get(place).copied().flatten();
    match after {
        ')' | '）' | '-' | '/' | '\\' | '|' | '=' | '*' => false,
        '(' => next.is_some_and(|next| pairs.get(next).copied().flatten().is_some()),
        _ => true,
    }
}

/// Whether a pair of brackets is Chinese, told from what stands beside and within it.
fn may_be_wide(letters: &[Letter], neighbours: &Neighbours, open: usize, close: usize) -> bool {
    let (before, after) = (
        neighbours.before(letters, open),
        neighbours.after(letters, close),
    );
    let (first, last) = (
        neighbours.after(letters, open),
        neighbours.before(letters, close),
    );
    if matches!(first, ')' | '）') && neighbours.after.get(open).copied().flatten() == Some(close)
    {
        return false;
    }
    let is_neutral = |character: char| matches!(character, END | '(' | ')' | '（' | '）');
    let is_chinese_before = is_chinese(before) && !is_neutral(before);
    let is_chinese_after = is_cjk(after);
    let may_stand_before = is_chinese_before || is_neutral(before);
    let may_stand_after = is_chinese_after || is_neutral(after) || is_mark(after) || after == '”';
    let is_chinese_within = is_chinese(first) && is_chinese(last);
    let around = is_chinese_before || is_chinese_after;
    let is_note = is_word_end(before) && before != CODE && may_stand_after;
    (may_stand_before && may_stand_after && (around || is_chinese_within))
        || (is_chinese_within && (around || is_note))
}

fn drop_blanks_beside_marks(letters: &mut [Letter]) {
    let takes_blank = |character: char| {
        matches!(
            character,
            '，' | '。' | '；' | '：' | '！' | '？' | '、' | '（' | '）'
        )
    };
    let shown: Vec<usize> = (0..)
        .zip(letters.iter())
        .filter(|(_, letter)| !letter.is_dropped)
        .map(|(place, _)| place)
        .collect();
    for neighbours in shown.windows(3) {
        let &[before, blank, after] = neighbours else {
            continue;
        };
        let character = |place: usize| letters.get(place).map_or(END, |letter| letter.character);
        let is_beside = takes_blank(character(before)) || takes_blank(character(after));
        if character(blank) == ' '
            && is_beside
            && let Some(letter) = letters.get_mut(blank).filter(|letter| !letter.is_fixed)
        {
            letter.is_dropped = true;
        }
    }
}

/// Sets Han and Latin apart.
fn space(letters: &mut [Letter]) {
    let shown: Vec<usize> = (0..)
        .zip(letters.iter())
        .filter(|(_, letter)| !letter.is_dropped && !is_joined(letter.character))
        .map(|(place, _)| place)
        .collect();
    for (index, pair) in shown.windows(2).enumerate() {
        let &[left, right] = pair else {
            continue;
        };
        let (Some(&one), Some(&other)) = (letters.get(left), letters.get(right)) else {
            continue;
        };
        let near = |place: Option<&usize>| {
            place
                .and_then(|&place| letters.get(place))
                .map_or(END, |letter| letter.character)
        };
        let before = near(index.checked_sub(1).and_then(|before| shown.get(before)));
        let after = near(shown.get(index + 2));
        let within_address = one.is_fixed && other.is_fixed;
        if within_address || !stand_apart(before, one.character, other.character, after) {
            continue;
        }
        // The blank belongs to neither word: it goes where fewer elements stand around it, and
        // never within code.
        let is_left = one.depth <= other.depth && one.character != CODE;
        // What is joined to the left one must stay with it.
        let last = if other.character == CODE {
            let between = letters.get(left..right).unwrap_or_default();
            let last = between.iter().rposition(|letter| !letter.is_dropped);
            last.map(|last| left + last)
        } else {
            (is_left && right == left + 1).then_some(left)
        };
        if let Some(last) = last {
            if let Some(letter) = letters.get_mut(last) {
                letter.blanks.after = true;
            }
        } else if let Some(letter) = letters.get_mut(right) {
            letter.blanks.before = true;
        }
    }
}

/// Whether a blank belongs between two neighbours, one of them a Han character, told with
/// what stands around them.
fn stand_apart(before: char, left: char, right: char, after: char) -> bool {
    if is_han(left) {
        return is_western(right)
            || right == CODE
            || (matches!(right, '@' | '$' | '€' | '£') && is_western(after));
    }
    is_han(right)
        && (is_western(left)
            || matches!(left, '%' | '‰' | '°' | CODE)
            || (matches!(left, '+' | '#') && (is_western(before) || before == '+')))
}

/// Whether the character belongs to words or numbers that are set apart from Han: Latin,
/// Greek, Cyrillic, digits.
fn is_western(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || (character.is_alphabetic()
            && matches!(character,
                '\u{aa}'..='\u{24f}' | '\u{370}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}'))
}

/// Whether the character is written together with the one before it.
fn is_joined(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{200d}')
}

/// Whether the character is of a script or a mark of East Asia. A line without any stays as it
/// is: curly quotation marks are as English as they are Chinese.
fn is_eastern(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Han characters and kana.
fn is_cjk(character: char) -> bool {
    is_han(character) || matches!(character, '\u{3040}'..='\u{30ff}')
}

/// Han characters, kana, and marks that stand in Chinese text alone; no opening bracket,
/// which may be still to be decided.
fn is_chinese(character: char) -> bool {
    is_cjk(character)
        || matches!(
            character,
            '，' | '。'
                | '；'
                | '：'
                | '！'
                | '？'
                | '、'
                | '）'
                | '「'
                | '」'
                | '『'
                | '』'
                | '《'
                | '》'
                | '〈'
                | '〉'
                | '【'
                | '】'
                | '”'
                | '’'
        )
}

/// A mark of punctuation, half-width or full-width.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        ',' | '.' | ';' | ':' | '?' | '!' | '，' | '。' | '；' | '：' | '！' | '？' | '、' | '…'
    )
}

fn is_mark_or_bracket(character: char) -> bool {
    is_mark(character) || matches!(character, '(' | ')' | '（' | '）')
}

/// What a Latin word, a number or a formula may end with.
fn is_word_end(character: char) -> bool {
    is_western(character)
        || matches!(
            character,
            '%' | '‰' | '°' | '+' | ')' | '）' | ']' | '"' | BOX | CODE
        )
}

fn is_blank(letters: &[Letter], place: Option<usize>) -> bool {
    place
        .and_then(|place| letters.get(place))
        .is_some_and(|letter| letter.character == ' ' && !letter.is_dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: Typography = Typography {
        spacing: true,
        punctuation: true,
    };

    fn set(text: &str) -> String {
        plain(&BOTH.line(&[Inline::Text(text.to_owned())]))
    }

    #[test]
    fn han_stands_apart_from_latin_and_digits() {
        for (written, wanted) in [
            ("用BERT做3个实验", "用 BERT 做 3 个实验"),
            ("准确率90%的模型", "准确率 90% 的模型"),
            ("用C++写,比C#快", "用 C++ 写，比 C# 快"),
            ("在GPT-4o上v2.0和3.5分", "在 GPT-4o 上 v2.0 和 3.5 分"),
            ("请@name看", "请 @name 看"),
            ("价钱是$5吗", "价钱是 $5 吗"),
            ("图①和②", "图①和②"),
            ("25℃时", "25℃时"),
            ("カメラとABC", "カメラとABC"),
            ("한국어와中文", "한국어와中文"),
            ("cafe\u{301}里", "cafe\u{301} 里"),
            ("好👍🏽ok", "好👍🏽ok"),
            ("A/B测试", "A/B 测试"),
            ("α值与Ж", "α 值与 Ж"),
        ] {
            assert_eq!(set(written), wanted);
            assert_eq!(set(wanted), wanted, "a second time");
        }
    }

    #[test]
    fn marks_of_chinese_are_full_width_and_others_stay() {
        for (written, wanted) in [
            ("先看图,再看表.", "先看图，再看表。"),
            ("先看图, 再看表", "先看图，再看表"),
            ("用BERT,效果好", "用 BERT，效果好"),
            ("真的吗?!真的", "真的吗？！真的"),
            ("结论:有效;代价:慢", "结论：有效；代价：慢"),
            ("模型(BERT)很大", "模型（BERT）很大"),
            ("模型 (BERT) 很大", "模型（BERT）很大"),
            ("Vaswani等(2017)提出", "Vaswani 等（2017）提出"),
            ("函数f(x),其中x", "函数 f(x)，其中 x"),
            ("调用main()返回", "调用 main()返回"),
            ("见附录(第二节),略", "见附录（第二节），略"),
            ("比例3:1,共1,000篇", "比例 3:1，共 1,000 篇"),
            ("好:)", "好:)"),
            ("如下:(1)甲", "如下：（1）甲"),
            ("一. 引言", "一. 引言"),
            ("张三.李四", "张三.李四"),
            ("等等...还有", "等等...还有"),
            ("说明文件.txt", "说明文件.txt"),
            ("end, (all) of it: Latin!", "end, (all) of it: Latin!"),
            (
                "见 https://例子.org/甲,乙 等",
                "见 https://例子.org/甲,乙 等",
            ),
            ("来信a@b.example,谢谢", "来信 a@b.example，谢谢"),
            ("他说“好”,走了", "他说“好”，走了"),
            ("他说\"你好\",然后说\"OK\".", "他说“你好”，然后说\"OK\"。"),
            ("差一个\"的时候", "差一个\"的时候"),
            ("He said “yes”, and left.", "He said “yes”, and left."),
            (
                "在GPU上训练3天,效果提升10%.",
                "在 GPU 上训练 3 天，效果提升 10%。",
            ),
            ("代码放在GitHub.", "代码放在 GitHub。"),
            ("作者来自U.S.A.", "作者来自 U.S.A."),
            ("作者是张三、李四 et al.", "作者是张三、李四 et al."),
            (
                "A long English line with 四个汉字 in it.",
                "A long English line with 四个汉字 in it.",
            ),
            ("大模型和RAG(检索增强)", "大模型和 RAG（检索增强）"),
            ("日期2021-05-04,10:30开始", "日期 2021-05-04,10:30 开始"),
        ] {
            assert_eq!(set(written), wanted);
            assert_eq!(set(wanted), wanted, "a second time");
        }
    }

    #[test]
    fn a_line_is_set_across_its_elements() {
        let text = |text: &str| Inline::Text(text.to_owned());
        let written = [
            text("看"),
            Inline::Strong(vec![text("BERT")]),
            text("的结果,"),
            Inline::Emphasis(vec![text("很好")]),
            text(" ("),
            Inline::Code("a,b 中".to_owned()),
            text(")的"),
        ];
        let line = BOTH.line(&written);
        assert_eq!(
            *line,
            [
                text("看 "),
                Inline::Strong(vec![text("BERT")]),
                text(" 的结果，"),
                Inline::Emphasis(vec![text("很好")]),
                text("（"),
                Inline::Code("a,b 中".to_owned()),
                text("）的"),
            ]
        );
    }

    #[test]
    fn what_is_set_once_stays_as_it_is() {
        // xorshift: the same lines each time.
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |most: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % most as u64).unwrap()
        };
        let alphabet: Vec<char> =
            "中文字一ab1Z ,.;:?!()（），。：“”'\"-/@%$#+&…、《》か한é\u{301}\u{200b}👍℃"
                .chars()
                .collect();
        for _ in 0..60_000 {
            let text: String = (0..random(14))
                .map(|_| alphabet[random(alphabet.len())])
                .collect();
            let cut = text.chars().count() / 2;
            let (one, other): (String, String) = (
                text.chars().take(cut).collect(),
                text.chars().skip(cut).collect(),
            );
            let line = match random(3) {
                0 => vec![Inline::Text(text.clone())],
                1 => vec![Inline::Strong(vec![Inline::Text(one)]), Inline::Text(other)],
                _ => vec![
                    Inline::Text(one),
                    Inline::Code("x,中".to_owned()),
                    Inline::Emphasis(vec![Inline::Text(other)]),
                ],
            };
            let set = BOTH.line(&line);
            assert_eq!(plain(&BOTH.line(&set)), plain(&set), "{text:?}");
        }
    }
}

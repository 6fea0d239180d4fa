//! Style sheets.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::{Book, Documents, Files, elements, page, words};

/// The most characters that may be hidden (Kindle Publishing Guidelines, `display: none`):
/// more is an error of the conversion.
const HIDDEN: usize = 10_000;

/// The widest indent of a paragraph, in em (Text Guidelines, Formatting Paragraphs).
const INDENT: f64 = 4.0;

/// The widest gap beside something that may grow with the letters, in em. The advice is
/// against any (Text Guidelines, Margin and Padding Formatting), because margins leave no
/// room when letters are large; a gap of one letter beside a rule or in a cell does not.
const GAP: f64 = 1.0;

/// A style sheet, a `style` element or an attribute.
pub(super) struct Sheet {
    path: String,
    styles: Vec<Style>,
    at_rules: Vec<String>,
    /// Why it is no CSS.
    fault: Option<String>,
}

/// What is said of some elements.
struct Style {
    selectors: Vec<String>,
    declarations: Vec<(String, String)>,
}

/// All style sheets of a book.
pub(super) fn sheets(files: &Files, documents: &Documents<'_>) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    for (path, bytes) in files {
        if path
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extension == "css")
        {
            sheets.push(match std::str::from_utf8(bytes) {
                Ok(css) => Sheet::of(path, css),
                Err(error) => Sheet {
                    fault: Some(error.to_string()),
                    ..Sheet::of(path, "")
                },
            });
        }
    }
    for (path, document) in documents {
        sheets.extend(elements(document, "style").map(|style| Sheet::of(path, &words(style))));
        let styled = document.descendants().filter_map(|node| {
            let style = node.attribute("style")?;
            Some(format!("{} {{{style}}}", node.tag_name().name()))
        });
        sheets.extend(styled.map(|css| Sheet::of(path, &css)));
    }
    sheets
}

impl Sheet {
    fn of(path: &str, css: &str) -> Self {
        let mut sheet = Self {
            path: path.to_owned(),
            styles: Vec::new(),
            at_rules: Vec::new(),
            fault: None,
        };
        match without_comments(css) {
            Some(css) => sheet.fault = sheet.read(&css).err(),
            None => sheet.fault = Some("a comment does not end".to_owned()),
        }
        sheet
    }

    fn read(&mut self, css: &str) -> Result<(), String> {
        let mut rest = css.trim_start();
        while !rest.is_empty() {
            let end = find(rest, &['{', ';', '}'])
                .ok_or_else(|| format!("`{}` does not end", rest.trim_end()))?;
            let (head, tail) = rest.split_at(end);
            let head = head.trim();
            if head.starts_with('@') {
                self.at_rules.push(head.to_ascii_lowercase());
            }
            let (mark, behind) = tail.split_at(1);
            rest = match mark {
                "{" => {
                    let (block, behind) = block(behind)
                        .ok_or_else(|| format!("the block of `{head}` does not end"))?;
                    if head.starts_with("@media") || head.starts_with("@supports") {
                        self.read(block)?;
                    } else {
                        self.styles.push(Style::of(head, block));
                    }
                    behind
                }
                ";" if head.starts_with('@') => behind,
                mark => return Err(format!("`{mark}` after `{head}`")),
            }
            .trim_start();
        }
        Ok(())
    }
}

impl Style {
    fn of(head: &str, block: &str) -> Self {
        let selectors = split(head, ',');
        let declarations = split(block, ';').into_iter().filter_map(|declaration| {
            let (name, value) = declaration.split_once(':')?;
            Some((
                name.trim().to_ascii_lowercase(),
                value.trim().to_ascii_lowercase(),
            ))
        });
        Self {
            declarations: declarations.collect(),
            selectors,
        }
    }
}

fn without_comments(css: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        text.push_str(before);
        text.push(' ');
        rest = comment.split_once("*/")?.1;
    }
    text.push_str(rest);
    Some(text)
}

/// Where one of these marks stands, outside of strings and parentheses.
fn find(css: &str, marks: &[char]) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0;
    for (index, character) in css.char_indices() {
        match (quote, character) {
            (Some(mark), _) if mark == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) if depth == 0 && marks.contains(&character) => return Some(index),
            _ => {}
        }
    }
    None
}

/// A block, whose opening brace is read, and what stands behind it.
fn block(css: &str) -> Option<(&str, &str)> {
    let mut open = 1;
    let mut at = 0;
    loop {
        let (_, rest) = css.split_at_checked(at)?;
        at += find(rest, &['{', '}'])?;
        let (block, behind) = css.split_at_checked(at)?;
        open = if behind.starts_with('{') {
            open + 1
        } else {
            open - 1
        };
        if open == 0 {
            return Some((block, behind.strip_prefix('}')?));
        }
        at += 1;
    }
}

/// The parts between marks, without blanks around them and without empty ones.
fn split(css: &str, mark: char) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = css;
    while let Some(end) = find(rest, &[mark]) {
        let (part, behind) = rest.split_at(end);
        parts.push(part);
        rest = behind.strip_prefix(mark).unwrap_or_default();
    }
    parts.push(rest);
    let parts = parts.into_iter().map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// For each declaration, what a judge says of the selectors, the property and the value.
fn of_declarations(
    book: &Book<'_>,
    is_fault: impl Fn(&[String], &str, &str) -> bool,
) -> Vec<String> {
    let mut findings = Vec::new();
    for sheet in &book.sheets {
        for style in &sheet.styles {
            for (name, value) in &style.declarations {
                if is_fault(&style.selectors, name, value) {
                    let selectors = style.selectors.join(", ");
                    findings.push(format!("{}: {selectors} {{ {name}: {value} }}", sheet.path));
                }
            }
        }
    }
    findings
}

/// The numbers of a value with their units.
fn lengths(value: &str) -> impl Iterator<Item = (f64, &str)> {
    value.split_whitespace().filter_map(|word| {
        let end = word
            .find(|it: char| it.is_ascii_alphabetic() || it == '%')
            .unwrap_or(word.len());
        let (number, unit) = word.split_at(end);
        Some((number.parse().ok()?, unit))
    })
}

fn is_box(name: &str) -> bool {
    name.starts_with("margin") || name.starts_with("padding")
}

/// The lengths on the left and right of a margin or padding.
fn sides<'a>(name: &str, value: &'a str) -> Vec<&'a str> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let is_side = ["-left", "-right", "-inline", "-inline-start", "-inline-end"]
        .iter()
        .any(|side| name.ends_with(side));
    match words.as_slice() {
        all if is_side => all.to_vec(),
        _ if name != "margin" && name != "padding" => Vec::new(),
        [all] => vec![all],
        [_, sides] | [_, sides, _] => vec![sides],
        [_, right, _, left] => vec![right, left],
        _ => Vec::new(),
    }
}

/// The last part of a selector, without pseudo-classes and attributes: `p.note`.
fn subject(selector: &str) -> &str {
    let last = selector
        .rsplit([' ', '>', '+', '~'])
        .next()
        .unwrap_or_default();
    base(last)
}

fn base(compound: &str) -> &str {
    let end = compound.find([':', '[']).unwrap_or(compound.len());
    compound.split_at(end).0
}

/// The classes of all `body` elements.
fn body_classes<'b>(book: &'b Book<'_>) -> BTreeSet<&'b str> {
    let bodies = book.pages().flat_map(|(_, page)| elements(page, "body"));
    let classes = bodies.filter_map(|body| body.attribute("class"));
    classes.flat_map(str::split_whitespace).collect()
}

/// Whether a selector is about running text: a paragraph, or what all of it stands in.
fn is_body_text(selector: &str, body_classes: &BTreeSet<&str>) -> bool {
    let is_of_body = |compound: &str| {
        let mut parts = base(compound).split('.');
        let tag = parts.next().unwrap_or_default();
        ["", "html", "body"].contains(&tag) && parts.all(|class| body_classes.contains(class))
    };
    let mut compounds = selector
        .split([' ', '>', '+', '~'])
        .filter(|it| !it.is_empty());
    let Some(last) = compounds.next_back() else {
        return false;
    };
    let containers = ["p", "*", "div", "section", "article", "main"];
    (containers.contains(&base(last)) || is_of_body(last)) && compounds.all(is_of_body)
}

/// What is hidden is short.
pub(super) fn hidden(book: &Book<'_>) -> Vec<String> {
    let styles = book.sheets.iter().flat_map(|sheet| &sheet.styles);
    let hiding = styles.filter(|style| {
        let mut declarations = style.declarations.iter();
        declarations.any(|(name, value)| name == "display" && value.starts_with("none"))
    });
    let selectors: Vec<&String> = hiding.flat_map(|style| &style.selectors).collect();
    let is_hidden = |node: &Node<'_, '_>| {
        let classes = node.attribute("class").unwrap_or_default();
        node.attribute("hidden").is_some()
            || selectors.iter().any(|selector| {
                let mut parts = subject(selector).split('.');
                let tag = parts.next().unwrap_or_default();
                let is_tag = tag == node.tag_name().name();
                let mut parts = parts.peekable();
                (is_tag || tag.is_empty() && parts.peek().is_some())
                    && parts.all(|part| classes.split_whitespace().any(|class| class == part))
            })
    };
    let mut findings = Vec::new();
    for (path, page) in book.pages() {
        for node in page.descendants().filter(Node::is_element) {
            let count = if is_hidden(&node) {
                words(node).chars().count()
            } else {
                0
            };
            if count > HIDDEN {
                findings.push(format!("{path}: {count} characters are hidden"));
            }
        }
    }
    findings
}

/// A style sheet is UTF-8 and CSS to its end: else it is dropped as a whole.
pub(super) fn sheet(book: &Book<'_>) -> Vec<String> {
    let faults = book.sheets.iter().filter_map(|sheet| {
        let fault = sheet.fault.as_ref()?;
        Some(format!("{}: {fault}", sheet.path))
    });
    faults.collect()
}

/// Kindle reads `@charset`, `@font-face`, `@import` and `@media` with its own words (CSS for
/// Page Breaks, Media Queries); other rules are dropped with what they hold.
pub(super) fn at_rules(book: &Book<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    for sheet in &book.sheets {
        for rule in &sheet.at_rules {
            let (name, rest) = rule.split_once([' ', '"', '\'', '(']).unwrap_or((rule, ""));
            let is_known = match name {
                "@charset" => rest.contains("utf-8"),
                "@font-face" | "@import" => true,
                "@media" => rest
                    .trim_start_matches("not ")
                    .trim_start()
                    .starts_with("amzn-"),
                _ => false,
            };
            if !is_known {
                findings.push(format!("{}: {rule}", sheet.path));
            }
        }
    }
    findings
}

/// What a sheet refers to is in the book, and a font has a source.
pub(super) fn resources(book: &Book<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    for sheet in &book.sheets {
        let imports = sheet
            .at_rules
            .iter()
            .filter_map(|rule| rule.strip_prefix("@import"));
        for style in &sheet.styles {
            let is_font = style.selectors.iter().any(|it| it == "@font-face");
            if is_font && style.declarations.iter().all(|(name, _)| name != "src") {
                findings.push(format!("{}: a font has no source", sheet.path));
            }
        }
        let values = sheet.styles.iter().flat_map(|style| &style.declarations);
        let texts = imports.chain(values.map(|(_, value)| value.as_str()));
        for text in texts {
            let is_import = !text.contains("url(") && text.trim_start().starts_with(['"', '\'']);
            let urls = text.split("url(").skip(1).map(|it| it.split(')').next());
            let import = is_import.then_some(Some(text)).into_iter();
            for url in urls.chain(import).flatten() {
                let url = url.trim().trim_matches(['"', '\'']);
                if !matches!(book.place(&sheet.path, url), Ok(Some(_))) {
                    findings.push(format!("{}: `{url}` is not in the book", sheet.path));
                }
            }
        }
    }
    findings
}

/// Custom properties and functions of numbers are unknown to Kindle; they are a known cause
/// of `E999`.
pub(super) fn functions(book: &Book<'_>) -> Vec<String> {
    let functions = ["var(", "calc(", "min(", "max(", "clamp(", "env("];
    of_declarations(book, |_, name, value| {
        name.starts_with("--") || functions.iter().any(|function| value.contains(function))
    })
}

/// Nothing is placed by `position` (Creating Reflowable Books, Layout Guidelines).
pub(super) fn position(book: &Book<'_>) -> Vec<String> {
    of_declarations(book, |_, name, value| {
        name == "position" && value != "static"
    })
}

/// No margin, padding, indent or height of line is negative (HTML and CSS Guidelines,
/// Negative Values).
pub(super) fn negative(book: &Book<'_>) -> Vec<String> {
    of_declarations(book, |_, name, value| {
        let is_judged = is_box(name) || ["line-height", "text-indent"].contains(&name);
        is_judged && lengths(value).any(|(number, _)| number < 0.0)
    })
}

/// Sizes are told in letters or parts of the page, not in points or pixels (Text
/// Guidelines, Fixed Values).
pub(super) fn fixed_units(book: &Book<'_>) -> Vec<String> {
    let sizes = ["font-size", "width", "height", "text-indent", "line-height"];
    let units = ["px", "pt", "pc", "cm", "mm", "in", "q"];
    of_declarations(book, |_, name, value| {
        let is_size = is_box(name) || sizes.contains(&name);
        is_size && lengths(value).any(|(number, unit)| number != 0.0 && units.contains(&unit))
    })
}

/// Margins at the sides are parts of the page (Text Guidelines, Margin and Padding
/// Formatting), and a paragraph's indent is not wider than four letters.
pub(super) fn side_margins(book: &Book<'_>) -> Vec<String> {
    of_declarations(book, |_, name, value| {
        let is_wide = |widest: f64, value: &str| {
            lengths(value).any(|(number, unit)| unit.ends_with("em") && number > widest)
        };
        if name == "text-indent" {
            return is_wide(INDENT, value);
        }
        is_box(name)
            && sides(name, value)
                .into_iter()
                .any(|side| is_wide(GAP, side))
    })
}

/// Only pictures have a height (Text Guidelines, Formatting Paragraphs), and then not a
/// fixed width as well (Image Guidelines, Image Aspect Ratio).
pub(super) fn heights(book: &Book<'_>) -> Vec<String> {
    let mut findings = of_declarations(book, |selectors, name, value| {
        let is_of_picture = |selector: &String| ["img", "svg"].contains(&subject(selector));
        name == "height" && value != "auto" && !selectors.iter().all(is_of_picture)
    });
    for sheet in &book.sheets {
        for style in &sheet.styles {
            let fixed = style.declarations.iter().filter(|(name, value)| {
                ["width", "height"].contains(&name.as_str()) && value.ends_with('%')
            });
            if fixed.count() > 1 {
                let selectors = style.selectors.join(", ");
                findings.push(format!("{}: {selectors} has a fixed shape", sheet.path));
            }
        }
    }
    findings
}

/// Running text is as the reader set it: its size, height of lines, colours, font, weight
/// and margins are not told, nor is it pushed to the right or the middle (Text Guidelines,
/// Body Text Defaults). In a book from right to left, the right is where lines begin.
pub(super) fn body_text(book: &Book<'_>) -> Vec<String> {
    let classes = body_classes(book);
    let is_rtl = book
        .pages()
        .any(|(_, page)| page.root_element().attribute("dir") == Some("rtl"));
    of_declarations(book, |selectors, name, value| {
        let is_told = match name {
            "line-height" => value != "normal",
            "font-size" => !["1em", "100%", "1rem", "medium"].contains(&value),
            "font-family" | "font" | "color" => value != "inherit",
            "background" | "background-color" => !["transparent", "none"].contains(&value),
            "font-weight" => !["normal", "400", "inherit"].contains(&value),
            "font-style" => !["normal", "inherit"].contains(&value),
            "text-align" => value == "center" || value == "right" && !is_rtl,
            _ => {
                let is_margin = |side: &&str| lengths(side).any(|(number, _)| number != 0.0);
                is_box(name) && sides(name, value).iter().any(is_margin)
            }
        };
        is_told && selectors.iter().any(|it| is_body_text(it, &classes))
    })
}

/// Nothing is black or white by force, which cannot be read on a page of the same colour
/// (Text Guidelines, Body Text Defaults).
pub(super) fn black_and_white(book: &Book<'_>) -> Vec<String> {
    let colours = ["black", "white", "#000", "#fff", "#000000", "#ffffff"];
    of_declarations(book, |_, name, value| {
        let is_colour = ["color", "background", "background-color"].contains(&name);
        is_colour && value.split_whitespace().any(|word| colours.contains(&word))
    })
}

/// Headings of each level that occurs are aligned (Text Guidelines, Heading Alignment and
/// Justification): else they are justified, with holes between words.
pub(super) fn heading_alignment(book: &Book<'_>) -> Vec<String> {
    let styles = book.sheets.iter().flat_map(|sheet| &sheet.styles);
    let aligning = styles.filter(|style| {
        let mut declarations = style.declarations.iter();
        declarations.any(|(name, value)| name == "text-align" && value != "justify")
    });
    let aligned: BTreeSet<&str> = aligning
        .flat_map(|style| &style.selectors)
        .map(|selector| subject(selector))
        .collect();
    let headings = book.pages().flat_map(|(_, page)| page.descendants());
    let levels: BTreeSet<usize> = headings.filter_map(page::level).collect();
    levels
        .into_iter()
        .map(|level| format!("h{level}"))
        .filter(|heading| !aligned.contains(heading.as_str()))
        .map(|heading| format!("{heading} is not aligned"))
        .collect()
}

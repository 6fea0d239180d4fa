//! What pasting an article will do: lengths against WeChat's limits, pictures, links, and
//! what its preflight found.

use offprint_core::Asset;
use offprint_core::asset::Encoding;
use offprint_core::words::Words;
use serde::Serialize;

use super::findings::in_chinese;
use super::words::Wording;
use crate::pictures::MAX_BYTES;
use crate::preflight::{AUTHOR, DIGEST, Finding, Level, Rule, TITLE};
use crate::{MAX_CHARACTERS, MAX_PICTURE, Sheet};

/// The most characters of an article for each that is seen.
const OVERHEAD: f64 = 4.0;

/// What the page says of a part.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    measures: Vec<Measure>,
    findings: Vec<FindingView<'a>>,
    pictures: Vec<Picture<'a>>,
    references: Vec<ReferenceView<'a>>,
    /// The links that stay alive.
    links: usize,
    /// Whether the editor cannot fetch the pictures.
    upload: bool,
    /// How many things must be mended, and how many are to be looked at.
    errors: usize,
    warnings: usize,
}

/// A length against its limit.
#[derive(Debug, Serialize)]
struct Measure {
    /// What the script finds it by.
    id: &'static str,
    label: &'static str,
    value: String,
    /// How much of the limit is used, in percent, 100 at the most.
    used: usize,
    verdict: Verdict,
    note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Good,
    Warning,
    Error,
}

/// A rule that was broken.
#[derive(Debug, Serialize)]
struct FindingView<'a> {
    verdict: Verdict,
    rule: &'static str,
    effect: &'static str,
    remedy: &'static str,
    /// What it is about in the first places.
    details: Vec<&'a str>,
    /// In how many places it was broken.
    times: usize,
}

#[derive(Debug, Serialize)]
struct Picture<'a> {
    name: &'a str,
    format: &'static str,
    width: u32,
    height: u32,
    weight: String,
    verdict: Verdict,
    note: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct ReferenceView<'a> {
    label: &'a str,
    url: &'a str,
}

/// The report of a part that has so many characters in its file, so many of them visible.
pub(super) fn report<'a>(
    language: Words,
    sheet: &'a Sheet<'_>,
    found: &'a [Finding],
    [characters, visible]: [usize; 2],
    links: usize,
) -> Report<'a> {
    let words = Wording::of(language);
    let measures = measures(words, sheet, characters, visible);
    let findings = findings(language, found);
    let pictures: Vec<Picture<'_>> = pictures(words, sheet);
    let verdicts = || {
        let measures = measures.iter().map(|it| it.verdict);
        let findings = findings.iter().map(|it| it.verdict);
        let pictures = pictures.iter().map(|it| it.verdict);
        measures.chain(findings).chain(pictures)
    };
    let count = |sought| verdicts().filter(|verdict| *verdict == sought).count();
    Report {
        errors: count(Verdict::Error),
        warnings: count(Verdict::Warning),
        references: sheet
            .references
            .iter()
            .map(|reference| ReferenceView {
                label: &reference.label,
                url: &reference.url,
            })
            .collect(),
        upload: sheet
            .article
            .pictures
            .keys()
            .any(|address| !address.contains("://")),
        measures,
        findings,
        pictures,
        links,
    }
}

fn measures(words: &Wording, sheet: &Sheet<'_>, characters: usize, visible: usize) -> Vec<Measure> {
    let article = &sheet.article;
    let mut measures = vec![measure(
        ("title", words.title),
        article.title.chars().count(),
        [TITLE.draft, TITLE.editor],
        words.title_long,
    )];
    if let Some(author) = &article.author {
        let length = author.chars().count();
        let limits = [AUTHOR.editor, AUTHOR.draft];
        measures.push(measure(
            ("author", words.author),
            length,
            limits,
            words.author_long,
        ));
    }
    let length = article
        .digest
        .as_deref()
        .map_or(0, |digest| digest.chars().count());
    let mut digest = measure(
        ("digest", words.digest),
        length,
        [DIGEST.editor, DIGEST.draft],
        words.digest_long,
    );
    if length == 0 {
        digest.verdict = Verdict::Warning;
        digest.note = Some(words.digest_none.to_owned());
    }
    measures.push(digest);
    // The interface takes fewer than the limit.
    measures.push(measure(
        ("characters", words.characters),
        characters,
        [MAX_CHARACTERS - 1; 2],
        words.characters_long,
    ));
    let overhead = characters as f64 / visible.max(1) as f64;
    let is_high = overhead > OVERHEAD;
    measures.push(Measure {
        id: "ratio",
        label: words.ratio,
        value: format!("{overhead:.2}"),
        used: percent(overhead / OVERHEAD),
        verdict: if is_high {
            Verdict::Warning
        } else {
            Verdict::Good
        },
        note: is_high.then(|| words.ratio_high.to_owned()),
    });
    measures
}

/// A length against what is well and what is possible.
fn measure(
    (id, label): (&'static str, &'static str),
    length: usize,
    [well, most]: [usize; 2],
    note: &str,
) -> Measure {
    let verdict = if length > most {
        Verdict::Error
    } else if length > well {
        Verdict::Warning
    } else {
        Verdict::Good
    };
    let limit = if length > well { most } else { well };
    Measure {
        id,
        label,
        value: format!("{} / {}", grouped(length), grouped(limit)),
        used: percent(length as f64 / limit as f64),
        verdict,
        note: (verdict != Verdict::Good).then(|| note.to_owned()),
    }
}

fn percent(share: f64) -> usize {
    (share.min(1.0) * 100.0).round() as usize
}

/// A number with a comma between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How many places of a rule are told.
const PLACES: usize = 5;

/// The rules that were broken, the worst first. What lengths say is told with them.
fn findings<'a>(language: Words, found: &'a [Finding]) -> Vec<FindingView<'a>> {
    let mut views: Vec<FindingView<'a>> = Vec::new();
    for finding in found {
        let rule = finding.rule;
        if rule.name.starts_with("limit.") {
            continue;
        }
        let known = views.iter().position(|view| view.rule == rule.name);
        if known.is_none() {
            views.push(view(language, rule));
        }
        let view = match known {
            Some(place) => views.get_mut(place),
            None => views.last_mut(),
        };
        let Some(view) = view else { continue };
        view.times += 1;
        let detail = finding.detail.as_str();
        if view.details.len() < PLACES && !view.details.contains(&detail) {
            view.details.push(detail);
        }
    }
    views.sort_by_key(|view| match view.verdict {
        Verdict::Error => 0,
        Verdict::Warning => 1,
        Verdict::Good => 2,
    });
    views
}

/// A rule that was broken nowhere yet.
fn view<'a>(language: Words, rule: &Rule) -> FindingView<'a> {
    let chinese = match language {
        Words::Chinese => in_chinese(rule.name),
        Words::English => None,
    };
    let (effect, remedy) = chinese.unwrap_or((rule.effect, rule.remedy));
    FindingView {
        verdict: match rule.level {
            Level::Error => Verdict::Error,
            Level::Warning => Verdict::Warning,
            Level::Hint => Verdict::Good,
        },
        rule: rule.name,
        effect,
        remedy,
        details: Vec::new(),
        times: 0,
    }
}

fn pictures<'a>(words: &Wording, sheet: &'a Sheet<'_>) -> Vec<Picture<'a>> {
    let picture = |asset: &'a Asset| {
        let length = asset.data.len();
        let (verdict, note) = if length > MAX_PICTURE {
            (Verdict::Error, Some(words.picture_refused))
        } else if length > MAX_BYTES {
            (Verdict::Warning, Some(words.picture_heavy))
        } else {
            (Verdict::Good, None)
        };
        Picture {
            name: &asset.name,
            format: match asset.encoding {
                Encoding::Png => "PNG",
                Encoding::Jpeg => "JPEG",
            },
            width: asset.width,
            height: asset.height,
            weight: weight(length),
            verdict,
            note,
        }
    };
    sheet.article.pictures.values().map(picture).collect()
}

/// A number of bytes as people read it.
fn weight(bytes: usize) -> String {
    let kilobytes = bytes.div_ceil(1024);
    if kilobytes < 1024 {
        format!("{kilobytes} KB")
    } else {
        format!("{:.1} MB", bytes as f64 / 1024.0 / 1024.0)
    }
}

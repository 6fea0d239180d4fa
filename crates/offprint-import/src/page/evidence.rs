//! What speaks for it that a line is a paper's title, apart from its looks.
//!
//! A title that is none does more harm than one that is missed: a news page has headings too.

use std::collections::{BTreeMap, BTreeSet};

use offprint_core::chars::is_han;
use offprint_core::model::LinkKind;

use super::address;
use super::features::{self, Features};
use super::grammar::Role;
use super::line::Line;
use super::words::{self, Field, Numbering};

/// A paper as it was read.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what speaks for a paper goes with any other that does"
)]
struct Claim {
    /// The line of its title.
    line: usize,
    /// The table that it is a row of.
    table: Option<usize>,
    /// What it wears.
    looks: Looks,
    /// Whether an address stands with it.
    is_anchored: bool,
    /// Whether an address, a label, names or a venue stand with it.
    is_supported: bool,
    /// Whether its title is told from the page's own words by its script or its marks.
    stands_out: bool,
    /// Whether it may be the head of a list: a colon ends it, or nothing in it is a title's.
    may_be_head: bool,
    /// How many papers have their addresses below it.
    addresses: usize,
    /// Whether it announces what follows, and is no title but for its place.
    is_announcement: bool,
    /// Whether it says what a picture or a table shows.
    is_caption: bool,
    /// Whether its address stands in its title, or a label or names with it.
    is_certain: bool,
}

impl Claim {
    /// Whether it is something else for certain.
    fn is_other(&self) -> bool {
        self.is_announcement
            || self.is_caption
            || self.addresses >= if self.may_be_head { 3 } else { 6 }
    }
}

/// What titles of one page have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Looks {
    heading: u8,
    number: Option<Numbering>,
    /// Bold, in book marks, a row of a table, behind a label, an item of a list, in Han.
    signs: [bool; 6],
}

fn looks(line: &Line, features: &Features) -> Looks {
    Looks {
        heading: line.dress.heading,
        number: features.number.map(|(kind, _, _)| kind),
        signs: [
            features.is_bold,
            features.book >= 0.5,
            line.cells.is_empty(),
            features.label.is_some(),
            line.dress.item,
            features.han >= 0.3,
        ],
    }
}

/// The lines that were read as titles, but that nothing supports.
pub(super) fn unsupported(lines: &[Line], features: &[Features], roles: &[Role]) -> Vec<usize> {
    let claims = claims(lines, features, roles);
    let supported = claims.iter().filter(|claim| claim.is_supported).count();
    let outstanding = claims.iter().filter(|claim| claim.stands_out).count();
    let speaks_of_papers = lines.iter().any(|line| {
        [
            "论文", "文献", "arXiv", "arxiv", "Paper", "paper", "期刊", "顶会",
        ]
        .iter()
        .any(|word| line.text.contains(word))
    });
    // Where each paper has its address, a heading of which nothing is told is none.
    let all_anchored = claims
        .iter()
        .all(|claim| claim.is_anchored || !claim.is_supported);
    let most =
        supported >= 3 && supported * 10 >= claims.len() * 7 && !(all_anchored && supported >= 4);
    let many = speaks_of_papers
        && if supported == 0 {
            outstanding >= 3 && outstanding * 10 >= claims.len() * 8
        } else {
            supported * 2 >= claims.len()
        };
    let usual: BTreeSet<&Looks> = claims
        .iter()
        .filter(|claim| claim.is_supported)
        .map(|claim| &claim.looks)
        .collect();
    let stands = |claim: &Claim| {
        !claim.is_other()
            && (claim.is_supported
                || most && usual.contains(&claim.looks)
                || many && claim.stands_out && (usual.is_empty() || usual.contains(&claim.looks)))
    };
    // A table without addresses sums up what the page has told before.
    let elsewhere = claims
        .iter()
        .filter(|claim| claim.table.is_none() && claim.is_anchored)
        .count();
    let anchored: BTreeSet<usize> = claims
        .iter()
        .filter(|claim| claim.is_anchored)
        .filter_map(|claim| claim.table)
        .collect();
    let sums_up = |claim: &Claim| {
        elsewhere >= 3 && claim.table.is_some_and(|table| !anchored.contains(&table))
    };
    // A table lists papers or it does not.
    let mut tables: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for claim in &claims {
        if let Some(table) = claim.table {
            let (good, all) = tables.entry(table).or_default();
            *good += usize::from(stands(claim));
            *all += 1;
        }
    }
    let is_of_list = |claim: &Claim| {
        claim
            .table
            .and_then(|table| tables.get(&table))
            .is_some_and(|(good, all)| good * 10 >= all * 7)
    };
    claims
        .iter()
        .filter(|claim| sums_up(claim) || !(stands(claim) || is_of_list(claim)))
        .map(|claim| claim.line)
        .collect()
}

/// How many papers a page writes down: with the address at the title, or with labels.
pub(super) fn certain(lines: &[Line], features: &[Features], roles: &[Role]) -> usize {
    claims(lines, features, roles)
        .iter()
        .filter(|claim| claim.is_certain)
        .count()
}

/// Whether all papers of a page have their address with them, as far as they are certain.
pub(super) fn each_has_address(lines: &[Line], features: &[Features], roles: &[Role]) -> bool {
    let claims = claims(lines, features, roles);
    let anchored = claims.iter().filter(|claim| claim.is_anchored).count();
    anchored >= 4
        && claims
            .iter()
            .all(|claim| claim.is_anchored || !claim.is_supported)
}

/// The papers of a reading with what speaks for them.
fn claims(lines: &[Line], features: &[Features], roles: &[Role]) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let is_chinese = is_chinese(lines, features);
    for (index, ((line, features), role)) in lines.iter().zip(features).zip(roles).enumerate() {
        if role.is_paper() {
            claims.push(Claim {
                line: index,
                table: line
                    .dress
                    .cell
                    .filter(|_| !line.cells.is_empty())
                    .map(|cell| cell.table),
                looks: looks(line, features),
                is_anchored: features.anchor.is_some(),
                is_supported: features.anchor.is_some()
                    || features
                        .label
                        .is_some_and(|(field, _)| field == Field::Title)
                    || features.has_names_behind
                    || features.is_announced
                    || has_venue_beside_title(&line.text)
                    || line.cells.iter().any(|(field, cell)| {
                        *field == Field::Origin && address::is_archive(&cell.text)
                            || is_telling(*field)
                                && !matches!(
                                    field,
                                    Field::Title
                                        | Field::Abstract
                                        | Field::Tldr
                                        | Field::Url
                                        | Field::Link(_)
                                )
                    }),
                stands_out: is_chinese
                    && features.title >= 2.0
                    && line.text.split_whitespace().count() >= 4
                    || features.book >= 0.6,
                may_be_head: features.label.is_none()
                    && features.anchor.is_none()
                    && (line.text.ends_with([':', '：'])
                        || features.title < 1.5 && features.book < 0.5 && !features.is_announced),
                addresses: 0,
                is_announcement: features.label.is_none()
                    && features.anchor.is_none()
                    && features.title < 2.0
                    && features.book < 0.5
                    && line.dress.heading == 0
                    && line.text.ends_with([':', '：']),
                is_caption: features.is_caption && features.label.is_none(),
                is_certain: features.anchor.is_some()
                    || features
                        .label
                        .is_some_and(|(field, _)| field == Field::Title)
                    || features.has_names_behind
                    || features.is_announced
                    || !line.cells.is_empty(),
            });
        } else if matches!(role, Role::Translation | Role::TranslationFound)
            && let Some(claim) = claims.last_mut()
        {
            claim.is_anchored |= features.anchor.is_some();
            claim.is_supported |= features.anchor.is_some();
            claim.is_certain |= features.anchor.is_some();
        } else if features.are_people
            && let Some(claim) = claims.last_mut()
            && claim.line + 1 == index
        {
            claim.is_supported = true;
            claim.is_certain = true;
        } else if matches!(role, Role::Fact | Role::FactFound)
            && !features.is_signature
            && let Some(claim) = claims.last_mut()
        {
            claim.is_certain |= features.is_names
                || features.anchor.is_some() && (index == claim.line + 1 || names_paper(line))
                || features.label.is_some_and(|(field, _)| {
                    is_telling(field) && field != Field::Title && !field.is_address()
                })
                || features.label.is_some() && features.anchor.is_some();
            claim.addresses += usize::from(features.is_new_anchor);
            claim.is_anchored |= features.anchor.is_some();
            claim.is_supported |= features.anchor.is_some()
                || features.is_names
                || features.is_venue
                || features.label.is_some_and(|(field, value)| {
                    let value = line.text.get(value..).unwrap_or_default();
                    let leads = if matches!(field, Field::Link(_)) {
                        !features::addresses(line).is_empty()
                    } else {
                        features.anchor.is_some()
                    };
                    is_telling(field)
                        && (!field.is_address() || leads || features::says_none(value))
                })
                || features.is_bare_link && features.label.is_some();
        }
    }
    claims
}

/// Whether words enough for a title stand beside a venue: `ICML 2018 Accepted Papers` is none.
fn has_venue_beside_title(text: &str) -> bool {
    words::venue(text).is_some_and(|venue| {
        let before = text.get(..venue.range.start).unwrap_or_default();
        let after = text.get(venue.range.end..).unwrap_or_default();
        let count = |text: &str| -> usize {
            text.chars()
                .filter(|c| c.is_alphanumeric())
                .map(|c| if is_han(c) { 3 } else { 1 })
                .sum()
        };
        count(before) + count(after) >= 16
    })
}

/// Whether a line shows the address of a paper, or a link that is called so.
fn names_paper(line: &Line) -> bool {
    features::addresses(line).into_iter().any(|(_, range)| {
        let words = line.text.get(range).unwrap_or_default();
        // `source` says where a picture is from.
        words.starts_with("http")
            || !words.eq_ignore_ascii_case("source")
                && matches!(
                    words::field(words),
                    Some(
                        Field::Url
                            | Field::Arxiv
                            | Field::Doi
                            | Field::Openreview
                            | Field::Link(LinkKind::Pdf)
                    )
                )
    })
}

/// Whether a label is one that papers have and other things seldom.
fn is_telling(field: Field) -> bool {
    match field {
        Field::Title
        | Field::Authors
        | Field::Affiliations
        | Field::Venue
        | Field::Url
        | Field::Link(_)
        | Field::Arxiv
        | Field::Doi
        | Field::Openreview
        | Field::Abstract
        | Field::Tldr
        | Field::Comments
        | Field::Presenter => true,
        Field::Translation
        | Field::Date
        | Field::Commentary
        | Field::Aspect
        | Field::Tags
        | Field::Status
        | Field::Rating
        | Field::Editor
        | Field::Translator
        | Field::Original
        | Field::Origin
        | Field::Account
        | Field::AccountId
        | Field::Declaration
        | Field::Unwanted => false,
    }
}

/// Whether the page's prose is Chinese.
fn is_chinese(lines: &[Line], features: &[Features]) -> bool {
    let (mut han, mut all) = (0_usize, 0_usize);
    let mut count = |text: &str| {
        han += text.chars().filter(|&c| is_han(c)).count();
        all += text.chars().filter(|c| c.is_alphabetic()).count();
    };
    for (line, features) in lines.iter().zip(features) {
        if features.is_sentence {
            count(&line.text);
        }
        for (field, cell) in &line.cells {
            if *field != Field::Title {
                count(&cell.text);
            }
        }
    }
    han * 5 > all
}

//! What each line of a page is: the reading whose scores add up to most.
//!
//! Each line has a score for each role, each step from role to role has one, and dynamic
//! programming (Viterbi 1967) finds the best path. After a first reading, what its paper titles
//! and headings have in common is given weight, and the page is read again: a page writes its
//! papers in one way.
//!
//! A role is one of a page's parts. Those within a paper come twice: before its address has
//! been seen and after, so that a paper without an address, or with those of two, costs.

use std::collections::BTreeMap;

use super::evidence;
use super::features::Features;
use super::line::{Hint, Line, MarkKind};
use super::mentions;
use super::words::{Field, Numbering};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(super) enum Role {
    /// Around the text, before it.
    Opening,
    Title,
    Byline,
    Intro,
    /// An address or a fact that belongs to no paper.
    Stray,
    Section,
    SectionText,
    /// Around the text of a section.
    Between,
    /// A number on a line of its own.
    Marker,
    Paper,
    PaperFound,
    /// The title in another language.
    Translation,
    TranslationFound,
    Fact,
    FactFound,
    Prose,
    ProseFound,
    Heading,
    HeadingFound,
    Furniture,
    FurnitureFound,
    /// Editor, source, declaration.
    Colophon,
    Tag,
    RelatedHead,
    Related,
    ReferenceHead,
    Reference,
    /// Around the text, after it.
    Closing,
}

use Role::{
    Between, Byline, Closing, Colophon, Fact, FactFound, Furniture, FurnitureFound, Heading,
    HeadingFound, Intro, Marker, Opening, Paper, PaperFound, Prose, ProseFound, Reference,
    ReferenceHead, Related, RelatedHead, Section, SectionText, Stray, Tag, Title, Translation,
    TranslationFound,
};

const ROLES: [Role; 28] = [
    Opening,
    Title,
    Byline,
    Intro,
    Stray,
    Section,
    SectionText,
    Between,
    Marker,
    Paper,
    PaperFound,
    Translation,
    TranslationFound,
    Fact,
    FactFound,
    Prose,
    ProseFound,
    Heading,
    HeadingFound,
    Furniture,
    FurnitureFound,
    Colophon,
    Tag,
    RelatedHead,
    Related,
    ReferenceHead,
    Reference,
    Closing,
];

/// A score that no path takes.
const NEVER: f32 = -1.0e6;

/// How far apart two readings of a line must be to be certain.
const DOUBT: f32 = 0.6;

/// How often the page is read before its habits are settled.
const READINGS: usize = 3;

/// How often titles that nothing supports are taken back.
const ROUNDS: usize = 8;

/// How many papers a page may seem to write down that only speaks of them.
const MOST_CERTAIN: usize = 5;

/// The reading of a page.
pub(super) struct Reading {
    /// A role a line.
    pub(super) roles: Vec<Role>,
    /// Lines that might as well begin a paper or not.
    pub(super) doubtful: Vec<usize>,
    /// The lines in whose prose papers are named, where none is written down.
    pub(super) mentions: BTreeMap<usize, mentions::Part>,
}

impl Role {
    fn at(self) -> usize {
        self as usize
    }

    /// Whether it begins a paper.
    pub(super) fn is_paper(self) -> bool {
        matches!(self, Paper | PaperFound)
    }

    /// Whether it stands within a paper.
    pub(super) fn is_within_paper(self) -> bool {
        self.is_open() || self.is_found()
    }

    /// Whether it stands within a paper whose address has not been seen.
    fn is_open(self) -> bool {
        matches!(
            self,
            Paper | Translation | Fact | Prose | Heading | Furniture
        )
    }

    /// Whether it stands within a paper whose address has been seen.
    fn is_found(self) -> bool {
        matches!(
            self,
            PaperFound | TranslationFound | FactFound | ProseFound | HeadingFound | FurnitureFound
        )
    }
}

/// Reads a page.
pub(super) fn read(lines: &[Line], features: &[Features]) -> Reading {
    let mut steps = steps(LOST);
    let mut base: Vec<Scores> = (0..lines.len())
        .map(|index| score(lines, features, index))
        .collect();
    let mut reading = best(&base, features, &steps);
    for _ in 0..ROUNDS {
        reading = settled(lines, features, &base, &steps, reading);
        if evidence::each_has_address(lines, features, &reading.roles) {
            steps = self::steps(LOST_WHERE_EACH_IS_FOUND);
        }
        let invented = evidence::unsupported(lines, features, &reading.roles);
        if invented.is_empty() {
            break;
        }
        for index in invented {
            if let Some(scores) = base.get_mut(index) {
                for role in [Paper, PaperFound] {
                    if let Some(score) = scores.get_mut(role.at()) {
                        *score = NEVER;
                    }
                }
            }
        }
        reading = best(&base, features, &steps);
    }
    let invented = evidence::unsupported(lines, features, &reading.roles);
    if !invented.is_empty() {
        without(&mut reading.roles, lines, &invented, Stray);
    }
    let certain = evidence::certain(lines, features, &reading.roles);
    if certain <= MOST_CERTAIN {
        reading.mentions = mentions::of(lines, features, &reading.roles, certain);
        if !reading.mentions.is_empty() {
            let papers: Vec<usize> = (0..lines.len())
                .filter(|&index| reading.roles.get(index).is_some_and(|role| role.is_paper()))
                .collect();
            without(&mut reading.roles, lines, &papers, SectionText);
            reading.doubtful.clear();
        }
    }
    reading
}

/// Takes papers back that are none: their lines are the text that they stand in, and their facts
/// are `facts`.
fn without(roles: &mut [Role], lines: &[Line], papers: &[usize], facts: Role) {
    for &index in papers {
        let is_heading = lines.get(index).is_some_and(|line| line.dress.heading > 0);
        if let Some(role) = roles.get_mut(index) {
            *role = if is_heading { Section } else { SectionText };
        }
        for (role, line) in roles.iter_mut().zip(lines).skip(index + 1) {
            if role.is_paper() || !role.is_within_paper() {
                break;
            }
            let is_heading = matches!(role, Heading | HeadingFound) && line.dress.heading > 0;
            *role = if is_heading {
                Section
            } else if matches!(role, Fact | FactFound) {
                facts
            } else if matches!(role, Furniture | FurnitureFound) {
                Between
            } else {
                SectionText
            };
        }
    }
}

/// Reads a page again by what the last reading found common to its titles and headings.
fn settled(
    lines: &[Line],
    features: &[Features],
    base: &[Scores],
    steps: &Steps,
    mut reading: Reading,
) -> Reading {
    let mut scores = base.to_vec();
    for _ in 1..READINGS {
        let habits = Habits::of(lines, features, &reading.roles);
        for (index, (scores, base)) in scores.iter_mut().zip(base).enumerate() {
            scores.clone_from(base);
            if let (Some(line), Some(features)) = (lines.get(index), features.get(index)) {
                habits.weigh(line, features, is_before_label(lines, index), scores);
            }
        }
        let again = best(&scores, features, steps);
        let is_same = again.roles == reading.roles;
        reading = again;
        if is_same {
            break;
        }
    }
    reading
}

fn is_before_label(lines: &[Line], index: usize) -> bool {
    lines
        .get(index + 1)
        .is_some_and(|line| super::words::label(&line.text).is_some())
}

type Scores = [f32; ROLES.len()];

/// The roles that each role may follow, and what the step is worth.
type Steps = Vec<Vec<(usize, f32)>>;

/// What a paper costs whose address was not seen.
const LOST: f32 = -1.2;

/// What it costs where all other papers of the page have theirs.
const LOST_WHERE_EACH_IS_FOUND: f32 = -6.0;

/// What steps from role to role are worth; `lost` is what a paper costs whose address was not
/// seen.
#[expect(clippy::too_many_lines, reason = "a table, read from top to bottom")]
fn steps(lost: f32) -> Steps {
    let mut steps = [[NEVER; ROLES.len()]; ROLES.len()];
    let mut set = |from: Role, to: Role, value: f32| {
        if let Some(step) = steps
            .get_mut(from.at())
            .and_then(|row| row.get_mut(to.at()))
        {
            *step = value;
        }
    };
    for (to, value) in [
        (Opening, 0.0),
        (Title, 0.0),
        (Byline, -0.5),
        (Intro, -1.0),
        (Section, -1.0),
        (Marker, -0.5),
        (Paper, -0.5),
        (PaperFound, -0.5),
        (Stray, -1.5),
    ] {
        set(Opening, to, value);
    }
    for (to, value) in [
        (Opening, -0.3),
        (Title, -1.5),
        (Byline, 0.8),
        (Intro, 0.3),
        (Section, 0.0),
        (Marker, 0.0),
        (Paper, 0.0),
        (PaperFound, 0.0),
        (Stray, -1.5),
    ] {
        set(Title, to, value);
    }
    for (to, value) in [
        (Opening, -0.3),
        (Title, -0.5),
        (Byline, 0.2),
        (Intro, 0.3),
        (Section, 0.0),
        (Marker, 0.0),
        (Paper, 0.0),
        (PaperFound, 0.0),
        (Stray, -1.5),
    ] {
        set(Byline, to, value);
    }
    for (to, value) in [
        (Opening, -0.8),
        (Title, -2.5),
        (Byline, -1.5),
        (Intro, 0.4),
        (Section, 0.2),
        (Marker, 0.2),
        (Paper, 0.0),
        (PaperFound, 0.0),
        (Stray, -1.0),
    ] {
        set(Intro, to, value);
    }
    for (to, value) in [
        (Stray, -0.2),
        (Intro, -0.2),
        (Section, 0.0),
        (Marker, 0.0),
        (Paper, 0.0),
        (PaperFound, 0.0),
        (SectionText, -0.2),
        (Opening, -1.0),
    ] {
        set(Stray, to, value);
    }
    for (to, value) in [
        (SectionText, 0.0),
        (Marker, 0.4),
        (Paper, 0.4),
        (PaperFound, 0.4),
        (Section, -0.8),
        (Stray, -1.5),
        (Colophon, -1.0),
        (Closing, -0.5),
    ] {
        set(Section, to, value);
    }
    for (to, value) in [
        (SectionText, 0.3),
        (Between, -0.3),
        (Section, 0.0),
        (Marker, 0.2),
        (Paper, 0.1),
        (PaperFound, 0.1),
        (Stray, -1.0),
        (Colophon, 0.0),
        (Tag, 0.0),
        (RelatedHead, 0.0),
        (ReferenceHead, 0.0),
        (Closing, -0.3),
    ] {
        set(SectionText, to, value);
        set(Between, to, value);
    }
    set(Section, Between, -1.0);
    for (to, value) in [
        (Paper, 0.8),
        (PaperFound, 0.8),
        (Section, -0.5),
        (Marker, -0.3),
    ] {
        set(Marker, to, value);
    }
    for role in ROLES {
        if !(role.is_open() || role.is_found()) {
            continue;
        }
        let (paper, translation, fact, prose, heading, furniture) = if role.is_open() {
            (Paper, Translation, Fact, Prose, Heading, Furniture)
        } else {
            (
                PaperFound,
                TranslationFound,
                FactFound,
                ProseFound,
                HeadingFound,
                FurnitureFound,
            )
        };
        set(role, fact, 0.3);
        set(role, FactFound, 0.3);
        set(role, prose, if role == paper { 0.2 } else { 0.3 });
        set(role, heading, if role == paper { -0.8 } else { 0.0 });
        set(role, furniture, if role == paper { -1.0 } else { -0.3 });
        if role == furniture {
            set(role, translation, -0.4);
            set(role, TranslationFound, -0.4);
        }
        if role == paper || role == fact {
            set(role, translation, 0.2);
            set(role, TranslationFound, 0.2);
        }
        let lost = if role.is_open() { lost } else { 0.0 };
        for (to, value) in [
            (Paper, 0.0),
            (PaperFound, 0.0),
            (Marker, 0.2),
            (Section, 0.0),
            (Colophon, 0.2),
            (Tag, 0.0),
            (RelatedHead, 0.2),
            (ReferenceHead, 0.2),
            (Closing, -0.4),
        ] {
            let value = if role == paper && matches!(to, Paper | PaperFound) {
                -0.6
            } else {
                value
            };
            set(role, to, value + lost);
        }
    }
    for from in [
        Colophon,
        Tag,
        RelatedHead,
        Related,
        ReferenceHead,
        Reference,
        Closing,
    ] {
        set(from, Colophon, 0.0);
        set(from, Tag, 0.0);
        set(from, RelatedHead, 0.0);
        set(from, Closing, 0.0);
        set(from, ReferenceHead, -0.5);
        set(from, Section, -4.0);
        set(from, Marker, -4.0);
        set(from, Paper, -5.0);
        set(from, PaperFound, -5.0);
    }
    set(Colophon, Section, -1.5);
    set(Colophon, Paper, -2.0);
    set(Colophon, PaperFound, -2.0);
    set(Closing, Section, -1.5);
    set(Closing, Marker, -1.5);
    set(Closing, Paper, -2.5);
    set(Closing, PaperFound, -2.5);
    set(Closing, SectionText, -2.5);
    set(RelatedHead, Related, 0.5);
    set(Related, Related, 0.3);
    set(ReferenceHead, Reference, 0.5);
    set(Reference, Reference, 0.5);
    set(Related, ReferenceHead, -1.0);
    set(Section, ReferenceHead, 0.0);
    set(Section, RelatedHead, 0.0);
    for from in [Opening, Title, Byline, Intro, Stray] {
        set(from, RelatedHead, -3.0);
        set(from, Closing, -3.0);
        set(from, ReferenceHead, -3.0);
        set(from, Colophon, -3.0);
        set(from, Tag, -3.0);
    }
    (0..ROLES.len())
        .map(|to| {
            let sources = steps.iter().enumerate();
            sources
                .filter_map(|(from, row)| Some((from, *row.get(to)?)))
                .filter(|(_, step)| *step > NEVER)
                .collect()
        })
        .collect()
}

/// The best path, and where another is nearly as good.
fn best(scores: &[Scores], features: &[Features], steps: &Steps) -> Reading {
    let (forward, back) = forward(scores, features, steps);
    let backward = backward(scores, features, steps);
    let mut roles = vec![Opening; scores.len()];
    let mut doubtful = Vec::new();
    let mut at = forward
        .last()
        .zip(backward.last())
        .and_then(|(forward, end)| {
            let totals = forward.iter().zip(end).map(|(a, b)| a + b);
            totals
                .enumerate()
                .max_by(|(_, a), (_, b)| a.total_cmp(b))
                .map(|(at, _)| at)
        })
        .unwrap_or_default();
    for index in (0..scores.len()).rev() {
        let role = ROLES.get(at).copied().unwrap_or(Opening);
        if let Some(slot) = roles.get_mut(index) {
            *slot = role;
        }
        if let (Some(forward), Some(backward)) = (forward.get(index), backward.get(index)) {
            let total = |is_paper: bool| {
                ROLES
                    .iter()
                    .zip(forward.iter().zip(backward))
                    .filter(|(role, _)| role.is_paper() == is_paper)
                    .map(|(_, (a, b))| a + b)
                    .fold(NEVER * 9.0, f32::max)
            };
            if (total(true) - total(false)).abs() < DOUBT {
                doubtful.push(index);
            }
        }
        at = back
            .get(index)
            .and_then(|row| row.get(at))
            .map_or(0, |&from| usize::from(from));
    }
    doubtful.reverse();
    Reading {
        roles,
        doubtful,
        mentions: BTreeMap::new(),
    }
}

/// The best score of a path to each role of each line, and the role before it.
fn forward(
    scores: &[Scores],
    features: &[Features],
    steps: &Steps,
) -> (Vec<Scores>, Vec<[u8; ROLES.len()]>) {
    let mut forward: Vec<Scores> = Vec::with_capacity(scores.len());
    let mut back: Vec<[u8; ROLES.len()]> = Vec::with_capacity(scores.len());
    for (index, own) in scores.iter().enumerate() {
        let mut here = [NEVER; ROLES.len()];
        let mut from_here = [0_u8; ROLES.len()];
        match forward.last() {
            None => {
                for role in [
                    Opening, Title, Byline, Intro, Section, Marker, Paper, PaperFound, Stray,
                ] {
                    let start = if role == Opening || role == Title {
                        0.0
                    } else {
                        -0.6
                    };
                    if let (Some(slot), Some(own)) = (here.get_mut(role.at()), own.get(role.at())) {
                        *slot = own + start;
                    }
                }
            }
            Some(before) => {
                for ((to, (slot, from_slot)), sources) in
                    here.iter_mut().zip(&mut from_here).enumerate().zip(steps)
                {
                    let Some(&own) = own.get(to) else { continue };
                    if own <= NEVER {
                        continue;
                    }
                    let mut top = NEVER * 2.0;
                    for &(from, step) in sources {
                        let score = before.get(from).copied().unwrap_or(NEVER);
                        let value = score + step + second_address(from, to, features.get(index));
                        if value > top {
                            top = value;
                            *from_slot = from as u8;
                        }
                    }
                    *slot = top + own;
                }
                level(&mut here);
            }
        }
        forward.push(here);
        back.push(from_here);
    }
    (forward, back)
}

/// The best score of a path from each role of each line to the end.
fn backward(scores: &[Scores], features: &[Features], steps: &Steps) -> Vec<Scores> {
    let mut backward = vec![[0.0_f32; ROLES.len()]; scores.len()];
    if let Some(last) = backward.last_mut() {
        for role in ROLES {
            if role.is_open()
                && let Some(end) = last.get_mut(role.at())
            {
                *end = LOST;
            }
        }
    }
    for index in (0..scores.len().saturating_sub(1)).rev() {
        let (Some(after), Some(own)) = (backward.get(index + 1).copied(), scores.get(index + 1))
        else {
            continue;
        };
        let next = features.get(index + 1);
        let mut here = [NEVER * 2.0; ROLES.len()];
        for ((to, sources), (&after, &own)) in steps.iter().enumerate().zip(after.iter().zip(own)) {
            if own <= NEVER {
                continue;
            }
            for &(from, step) in sources {
                let value = after + own + step + second_address(from, to, next);
                if let Some(slot) = here.get_mut(from)
                    && value > *slot
                {
                    *slot = value;
                }
            }
        }
        level(&mut here);
        if let Some(slot) = backward.get_mut(index) {
            *slot = here;
        }
    }
    backward
}

/// Takes the best score from all: differences are what counts, and sums of long pages would
/// be too large to tell small ones.
fn level(scores: &mut Scores) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    for score in scores {
        *score = (*score - top).max(NEVER * 2.0);
    }
}

/// What it costs that a paper has the address of another.
fn second_address(from: usize, to: usize, features: Option<&Features>) -> f32 {
    let (Some(features), Some(from)) = (features, ROLES.get(from)) else {
        return 0.0;
    };
    if to == TranslationFound.at() && from.is_open() && features.anchor.is_none() {
        return NEVER;
    }
    if to != FactFound.at() {
        return 0.0;
    }
    match &features.anchor {
        Some(_) if from.is_found() && features.is_new_anchor => -2.2,
        Some(_) if from.is_found() => 0.0,
        Some(_) => 0.4,
        None if from.is_open() => NEVER,
        None => 0.0,
    }
}

/// What a line's looks say for each role.
fn score(lines: &[Line], features: &[Features], index: usize) -> Scores {
    let mut scores = [0.0; ROLES.len()];
    let (Some(line), Some(f)) = (lines.get(index), features.get(index)) else {
        return scores;
    };
    let around = Around {
        before: index.checked_sub(1).and_then(|before| features.get(before)),
        above: index.checked_sub(2).and_then(|above| features.get(above)),
        next: features.get(index + 1),
        second: features.get(index + 2),
        next_line: lines.get(index + 1),
        before_line: index.checked_sub(1).and_then(|before| lines.get(before)),
        index,
    };
    let heading = f32::from(u8::from(line.dress.heading > 0));
    let look = Look {
        line,
        f,
        heading,
        around: &around,
    };
    let mut set = |role: Role, value: f32| {
        if let Some(slot) = scores.get_mut(role.at()) {
            *slot = value;
        }
    };
    if !line.cells.is_empty() {
        let is_row = line.cells.iter().any(|(field, _)| *field == Field::Title);
        let found = f.anchor.is_some();
        for role in ROLES {
            set(role, NEVER);
        }
        // The row of names, or one that is no paper.
        for role in [
            Opening,
            Furniture,
            FurnitureFound,
            Closing,
            SectionText,
            Stray,
        ] {
            set(role, if is_row { -6.0 } else { 1.0 });
        }
        if is_row {
            set(if found { PaperFound } else { Paper }, 4.0);
            set(if found { Paper } else { PaperFound }, NEVER);
        }
        return scores;
    }
    set(Opening, look.furniture() + 0.1);
    set(Title, look.title());
    set(Byline, look.byline());
    set(
        Intro,
        look.prose() + when(f.is_intro_head, 2.5) + when(look.is_headline(), -1.8),
    );
    let fact = look.fact();
    set(Stray, fact - 2.5);
    set(Section, look.section());
    set(SectionText, look.prose());
    let heralds = f.is_herald
        && [around.next, around.second]
            .into_iter()
            .flatten()
            .any(|next| next.title >= 1.0 || next.is_herald);
    set(Between, look.furniture() - 0.8);
    set(Marker, if f.is_marker || heralds { 3.0 } else { -8.0 });
    let paper = look.paper();
    let found = f.anchor.is_some();
    set(if found { PaperFound } else { Paper }, paper);
    set(if found { Paper } else { PaperFound }, NEVER);
    let translation = look.translation();
    set(Translation, if found { NEVER } else { translation });
    set(TranslationFound, translation);
    set(Fact, if found { NEVER } else { fact });
    set(FactFound, fact);
    let prose = look.prose();
    set(Prose, prose);
    set(ProseFound, prose);
    let inner = look.heading();
    set(Heading, inner);
    set(HeadingFound, inner);
    let furniture = look.furniture() - 0.8;
    set(Furniture, furniture);
    set(FurnitureFound, furniture);
    set(Colophon, look.colophon());
    set(Tag, look.tag());
    set(
        RelatedHead,
        if f.is_related_head || line.dress.hint == Some(Hint::Related) && f.length <= 12 {
            5.0
        } else {
            NEVER
        },
    );
    set(ReferenceHead, if f.is_reference_head { 4.0 } else { NEVER });
    set(Related, if f.is_related_head { -1.0 } else { 1.2 });
    set(Reference, 1.6);
    set(Closing, look.furniture());
    scores
}

struct Around<'a> {
    before: Option<&'a Features>,
    /// The line above the one before.
    above: Option<&'a Features>,
    next: Option<&'a Features>,
    second: Option<&'a Features>,
    next_line: Option<&'a Line>,
    before_line: Option<&'a Line>,
    index: usize,
}

struct Look<'a> {
    line: &'a Line,
    f: &'a Features,
    heading: f32,
    around: &'a Around<'a>,
}

fn when(condition: bool, value: f32) -> f32 {
    if condition { value } else { 0.0 }
}

fn is_fact(features: &Features) -> bool {
    !features.is_signature
        && (features
            .label
            .is_some_and(|(field, _)| field.is_fact() && field != Field::Title)
            || features.anchor.is_some() && features.is_bare_link)
}

impl Look<'_> {
    fn label(&self) -> Option<Field> {
        self.f.label.map(|(field, _)| field)
    }

    fn furniture(&self) -> f32 {
        let f = self.f;
        -0.6 + when(f.is_furniture, 2.4)
            + when(self.line.dress.aside, 2.2)
            + when(f.is_outside, 2.2)
            + when(f.length <= 12 && !f.is_sentence, 0.4)
            + when(self.line.dress.item && f.length <= 16, 0.4)
            + when(f.length > 60, -1.6)
            + when(f.is_sentence, -1.0)
            + when(self.heading > 0.0, -0.8)
            + when(self.label().is_some_and(Field::is_fact), -1.6)
            + when(f.repeats_later && !f.is_sentence, 2.0)
            + when(f.title >= 2.0, -0.8)
            + when(f.is_page_title, -1.5)
            + when(self.label() == Some(Field::Unwanted), 2.0)
            + when(f.is_caption, 1.6)
            + when(f.is_mark, 2.0)
    }

    fn title(&self) -> f32 {
        let f = self.f;
        let line = self.line;
        let next_is_byline = self.around.next.is_some_and(|next| next.has_date)
            || self
                .around
                .second
                .is_some_and(|next| next.has_date && next.length < 60);
        let speaks_of_papers = [
            "论文",
            "paper",
            "Paper",
            "arXiv",
            "必读",
            "速递",
            "盘点",
            "汇总",
            "解读",
            "digest",
            "Digest",
            "顶会",
            "周报",
            "Weekly",
            "weekly",
            "日报",
            "Newsletter",
            "newsletter",
            "Highlights",
            "Roundup",
        ]
        .iter()
        .any(|word| line.text.contains(word));
        -2.2 + when(f.is_page_title, 6.0)
            + when(line.dress.hint == Some(Hint::Title), 3.0)
            + when(line.dress.heading == 1, 2.5)
            + when(line.dress.heading == 2, 0.8)
            + when(f.is_one_of_many && !f.is_page_title, -3.0)
            + when(next_is_byline, 1.6)
            + when(speaks_of_papers, 1.4)
            + when(
                speaks_of_papers && self.around.index == 0 && line.dress.heading == 1,
                1.8,
            )
            + when((8..=70).contains(&f.length), 0.6)
            + when(f.length > 120, -4.0)
            + when(f.length < 4, -3.0)
            + when(f.is_sentence, -1.5)
            + when(f.is_furniture || line.dress.aside, -4.0)
            + when(f.label.is_some(), -3.0)
            + when(f.number.is_some(), -1.0)
            + when(f.anchor.is_some() || f.is_bare_link, -5.0)
            + when(line.dress.item, -1.5)
            + when(self.around.index == 0, 1.4)
            + when(self.around.index > 60 && !f.is_page_title, -1.5)
            + when(f.is_intro_head || f.is_related_head, -3.0)
            + when(f.is_date, -4.0)
            + when(f.is_byline, -7.0)
            + when(f.is_sentence && self.is_headline(), 1.5)
    }

    /// Whether it may be a page's title for where it stands, though it reads like prose.
    fn is_headline(&self) -> bool {
        self.around.index == 0 && self.f.length <= 70 && !self.ends_like_prose()
    }

    fn byline(&self) -> f32 {
        let f = self.f;
        let names = matches!(
            self.label(),
            Some(
                Field::Authors
                    | Field::Editor
                    | Field::Translator
                    | Field::Origin
                    | Field::Account
                    | Field::AccountId
                    | Field::Date
                    | Field::Unwanted
                    | Field::Affiliations
                    | Field::Tags
            )
        );
        let by_hint = matches!(
            self.line.dress.hint,
            Some(Hint::Account | Hint::Date | Hint::Byline)
        );
        let beside = self
            .around
            .before
            .is_some_and(|before| before.is_page_title)
            || self.around.next.is_some_and(|next| next.is_date);
        -1.8 + when(f.has_date && f.length < 120, 1.8)
            + when(f.is_date, 1.4)
            + when(names && f.length < 80, 2.4)
            + when(by_hint, 3.0)
            + when(super::when::is_relative(&self.line.text), 3.4)
            + when(beside && f.length <= 24 && !f.is_sentence, 1.6)
            + when(f.is_byline, 2.0)
            + when(f.is_sentence, -2.0)
            + when(f.anchor.is_some(), -3.0)
            + when(self.heading > 0.0, -2.0)
            + when(f.title >= 2.0, -1.5)
            + when(self.line.dress.aside, -0.5)
            + when(f.label.is_some() && !names, -2.0)
    }

    /// Whether a sign of the middle or the end of a sentence is last.
    fn ends_like_prose(&self) -> bool {
        self.line
            .text
            .ends_with(['.', '。', '!', '！', ',', '，', ';', '；', '…'])
    }

    fn section(&self) -> f32 {
        let f = self.f;
        let next_begins = self.around.next.is_some_and(|next| {
            next.title >= 2.0
                || next.is_linked_title
                || next.has_title_before_link
                || next.book > 0.6
                || next.is_marker
                || next.label.is_some_and(|(field, _)| field == Field::Title)
        });
        let next_is_fact = self.around.next.is_some_and(is_fact);
        let han_number = f.number.is_some_and(|(kind, _, _)| kind == Numbering::Han);
        let is_short =
            f.length <= 14 || (f.han < 0.3 && self.line.text.split_whitespace().count() <= 3);
        -1.7 + self.heading * 2.0
            + when(f.is_bold && f.length <= 30, 0.7)
            + when(han_number && f.length <= 40, 2.0)
            + when(is_short && !f.is_marker, 0.9)
            + when(next_begins, 1.5)
            + when(next_is_fact, -2.0)
            + when(f.is_sentence, -4.0)
            + when(
                f.label.is_some() && self.label() != Some(Field::Commentary),
                -5.0,
            )
            + when(f.anchor.is_some() || f.is_bare_link, -6.0)
            + when(f.title >= 2.2, -1.2)
            + when(f.is_inner_heading, -1.2)
            + when(f.is_furniture, -2.0)
            + when(self.line.dress.aside || f.is_outside, -2.0)
            + when(f.book > 0.5, -2.0)
            + when(f.length > 45, -2.0)
            + when(f.is_marker, -3.0)
            + when(f.is_names, -2.0)
            + when(f.is_related_head || f.is_reference_head, -3.0)
            + when(self.line.dress.code, -4.0)
            + when(f.is_caption, -3.0)
            + when(f.is_intro_head, -1.0)
            + when(f.is_page_title && self.around.index < 60, -2.0)
            + when(f.recurs, -6.0)
            + when(f.is_date || f.is_bare_link || f.is_herald, -5.0)
            + when(f.is_one_of_many, 0.4)
            + when(self.line.dress.quote, -3.0)
            + when(f.is_within, -12.0)
            + when(f.is_mark, -12.0)
            + when(f.is_byline, -4.0)
            + when(
                next_begins && self.around.before.is_some_and(is_fact) && f.length <= 36,
                0.9,
            )
            + when(
                self.line.dress.item,
                if self.heads_list() { 1.5 } else { -2.5 },
            )
            + when(
                self.line.text.ends_with([':', '：']) && self.heading == 0.0,
                -2.5,
            )
            + when(self.ends_like_prose(), -2.5)
    }

    /// Whether it is the item of a list over the items of titles in it.
    fn heads_list(&self) -> bool {
        let own = &self.line.dress;
        let is_over = self
            .around
            .next_line
            .is_some_and(|next| next.dress.item && next.dress.depth > own.depth);
        own.item
            && is_over
            && self.f.length <= 40
            && !self.f.has_names_behind
            && self.around.next.is_some_and(|next| {
                next.has_names_behind || next.is_linked_title || next.book > 0.6
            })
    }

    fn paper(&self) -> f32 {
        let f = self.f;
        let line = self.line;
        let label = self.label();
        let is_labelled = label == Some(Field::Title);
        let numbered = f.number.is_some_and(|(kind, _, _)| kind != Numbering::Han);
        let next = self.around.next.is_some_and(is_fact);
        let names_next = self
            .around
            .next
            .is_some_and(|next| next.is_names || next.is_venue || next.are_people);
        let second = self.around.second.is_some_and(is_fact);
        let is_latin = f.han < 0.3;
        let han_alone = !is_latin
            && !numbered
            && self.heading == 0.0
            && f.book < 0.5
            && !next
            && !f.is_linked_title
            && !f.has_title_before_link
            && !f.is_bold;
        let may_be = f.title >= 1.0
            || f.book >= 0.5
            || is_labelled
            || f.is_linked_title
            || f.has_title_before_link;
        let leads_to_paper = f.anchor.is_some();
        let is_linked_heading = self.heading > 0.0 && f.is_linked_title && leads_to_paper;
        -2.2 + when(is_labelled, 5.5)
            + when(!is_labelled, f.title * 0.9)
            + when(f.book >= 0.5, 2.6)
            + when(f.is_linked_title && leads_to_paper, 3.0)
            + when(f.is_linked_title && !leads_to_paper, 0.3)
            + when(f.has_title_before_link && leads_to_paper, 2.8)
            + when(numbered && may_be, 1.2)
            + when(numbered && !may_be && f.length <= 60 && f.length >= 8, 0.9)
            + self.heading * 1.0
            + when(f.is_bold && !f.is_sentence, 0.7)
            + when(next, 2.0)
            + when(names_next, 1.2)
            + when(second, 0.6)
            + when(
                self.around.before.is_some_and(|before| before.is_marker),
                1.2,
            )
            + when(han_alone, -2.2)
            + when(
                !is_latin && f.length < 8 && f.book < 0.5 && !is_linked_heading,
                -1.5,
            )
            + when(f.is_sentence && !is_labelled && !leads_to_paper, -3.5)
            + when(f.is_names && !is_labelled, -4.0)
            + when(f.is_furniture, -4.0)
            + when(f.label.is_some() && !is_labelled, -6.0)
            + when(line.dress.aside || f.is_outside, -2.5)
            + when(f.is_bare_link && !is_labelled && !f.is_linked_title, -8.0)
            + when(f.repeats_later && f.anchor.is_none(), -2.5)
            + when(f.is_echoed, 3.0)
            + when(f.echoes, -5.0)
            + when(f.is_inner_heading || f.recurs, -5.0)
            + when(
                f.is_intro_head || f.is_related_head || f.is_reference_head,
                -5.0,
            )
            + when(f.is_date || f.is_venue, -3.0)
            + when(f.is_marker, -6.0)
            + when(line.dress.code, -5.0)
            + when(f.is_caption, -5.0)
            + when(f.is_tags || f.is_herald, -4.0)
            + when(
                f.is_page_title && self.around.index < 60 && !is_labelled,
                -3.0,
            )
            + when(f.length > 300, -5.0)
            + when(f.length < 6 && !is_linked_heading, -3.0)
            + when(line.dress.quote, -0.6)
            + when(f.is_within && f.anchor.is_none() && !is_labelled, -12.0)
            + when(self.is_formula(), -8.0)
            + when(f.names_several, -6.0)
            + when(self.is_author(), -4.0)
            + when(f.has_names_behind, 4.0)
            + when(f.is_announced, if next || names_next { 3.5 } else { 1.5 })
            + when(f.is_byline, -5.0)
            + when(self.heads_list(), -4.0)
            + when(
                !is_labelled && !leads_to_paper && line.text.ends_with([':', '：']),
                -2.5,
            )
    }

    fn translation(&self) -> f32 {
        let f = self.f;
        let Some(before) = self.around.before else {
            return -6.0;
        };
        if self.label() == Some(Field::Translation) {
            return 5.0;
        }
        if self.is_original() && (f.is_within || self.around.next.is_some_and(|next| next.is_names))
        {
            return if f.is_within { 5.0 } else { 4.5 };
        }
        let after_latin = before.han < 0.3 && before.title >= 1.0;
        if f.is_linked_title
            && f.han > 0.4
            && f.label.is_none()
            && after_latin
            && before.anchor.is_none()
        {
            return 4.5;
        }
        if self.label() == Some(Field::Title) && after_latin && f.han > 0.4 {
            return 5.5;
        }
        // Names and terms stay as they are.
        let is_below_heading = self.heading == 0.0
            && self
                .around
                .before_line
                .is_some_and(|before| before.dress.heading > 0);
        if f.is_linked_title
            && f.han > 0.1
            && f.label.is_none()
            && after_latin
            && is_below_heading
            && before.anchor.is_none()
        {
            return 4.5;
        }
        if f.label.is_some() || f.anchor.is_some() || f.is_bare_link || !after_latin {
            return -6.0;
        }
        -1.0 + when(f.han > 0.5, 1.8)
            + when(f.han <= 0.3, -6.0)
            + when(f.length <= 50, 0.6)
            + when(f.length < 6, -1.5)
            + when(f.is_sentence, -3.5)
            + when(self.around.next.is_some_and(is_fact), 0.6)
            + when(f.is_furniture || f.is_inner_heading, -3.0)
            + when(f.number.is_some(), -1.5)
            + when(f.is_caption, -3.0)
    }

    /// Whether it is a formula and little else.
    fn is_formula(&self) -> bool {
        self.line.marks.iter().any(|mark| {
            mark.kind == MarkKind::Math && mark.range.len() * 10 >= self.line.text.len() * 6
        })
    }

    /// Whether it may be the one author of the paper whose title is above.
    fn is_author(&self) -> bool {
        self.f.is_person
            && self.f.anchor.is_none()
            && self.heading == 0.0
            && self
                .around
                .before
                .is_some_and(|before| before.title >= 2.0 && !before.is_person)
    }

    /// Whether it may be the title in the paper's own language, below its translation.
    fn is_original(&self) -> bool {
        let above = [self.around.before, self.around.above];
        self.f.title >= 1.5
            && self.f.anchor.is_none()
            && self.f.label.is_none()
            && !self.f.is_names
            && above
                .into_iter()
                .flatten()
                .any(|above| above.han > 0.4 && above.is_linked_title && above.anchor.is_some())
    }

    fn fact(&self) -> f32 {
        let f = self.f;
        let after_title = self.around.before.is_some_and(|before| {
            before.title >= 1.0 || before.label.is_some() || before.book > 0.5
        });
        let label = self.label();
        -3.0 + when(
            label.is_some_and(|field| field.is_fact() && field != Field::Title),
            6.5,
        ) + when(label == Some(Field::Title) && !f.echoes, -3.0)
            + when(label == Some(Field::Title) && f.echoes, 7.5)
            + when(
                matches!(label, Some(Field::Commentary | Field::Aspect)),
                2.0,
            )
            + when(label == Some(Field::Origin), 3.4)
            + when(f.is_bare_link, 5.5)
            + when(
                f.anchor.is_some() && !f.is_linked_title && !f.has_title_before_link,
                3.0,
            )
            + when(f.is_names && after_title, 4.5)
            + when(f.is_names && !after_title, 2.5)
            + when(self.is_author(), 4.0)
            + when(f.is_venue, 4.0)
            + when(f.is_date && after_title, 2.5)
            + when(f.is_tags, 1.5)
            + when(f.is_signature, -5.0)
            + when(f.is_furniture && !f.is_bare_link, -1.0)
            + when(self.line.dress.aside || f.is_outside, -1.5)
    }

    fn prose(&self) -> f32 {
        let f = self.f;
        let label = self.label();
        -0.4 + when(f.is_sentence, 1.8)
            + when(f.length > 80, 0.6)
            + when(f.length < 16 && !f.is_sentence, -0.9)
            + when(
                label.is_some_and(|field| field.is_fact() || field.is_of_page()),
                -3.0,
            )
            + when(
                matches!(label, Some(Field::Commentary | Field::Aspect)),
                1.6,
            )
            + when(f.is_bare_link, -3.5)
            + when(f.anchor.is_some() && !f.is_bare_link, -2.0)
            - self.heading * 2.0
            + when(!f.is_sentence && f.title >= 2.0 && f.han < 0.3, -1.4)
            + when(f.book >= 0.7, -1.2)
            + when(f.is_names, -1.5)
            + when(f.is_furniture, -1.8)
            + when(self.line.dress.aside || f.is_outside, -1.8)
            + when(self.line.dress.code, 0.8)
            + when(self.line.dress.item, 0.4)
            + when(f.is_caption, -0.8)
            + when(f.is_marker, -1.5)
            + when(f.is_related_head || f.is_reference_head, -3.0)
            + when(f.is_count, -2.5)
            + when(f.is_tags, -1.5)
            + when(f.is_page_title && self.around.index < 60, -2.0)
    }

    fn heading(&self) -> f32 {
        let f = self.f;
        let label = self.label();
        -2.0 + self.heading * 1.8
            + when(f.is_bold && f.length <= 40 && !f.is_sentence, 1.2)
            + when(f.is_inner_heading, 3.2)
            + when(f.recurs, 3.0)
            + when(f.number.is_some() && f.length <= 30 && !f.is_sentence, 0.8)
            + when(f.is_sentence, -3.0)
            + when(f.length > 50, -1.5)
            + when(f.anchor.is_some() || f.is_bare_link, -5.0)
            + when(
                label.is_some() && !matches!(label, Some(Field::Aspect | Field::Commentary)),
                -4.0,
            )
            + when(
                matches!(label, Some(Field::Aspect | Field::Commentary)) && f.length <= 8,
                1.5,
            )
            + when(
                f.is_furniture || self.line.dress.aside || f.is_outside,
                -2.0,
            )
            + when(f.is_related_head || f.is_reference_head, -3.0)
            + when(f.is_caption || f.is_marker, -2.0)
            + when(f.title >= 2.2, -0.8)
    }

    fn colophon(&self) -> f32 {
        let f = self.f;
        let is_of_page = self.label().is_some_and(Field::is_of_page);
        -4.0 + when(is_of_page, 7.0)
            + when(
                matches!(self.label(), Some(Field::Authors)) && f.length < 40,
                1.0,
            )
            + when(
                self.line.text.contains("转载请")
                    || self.line.text.contains("侵权")
                    || self.line.text.contains("转载自")
                    || self.line.text.contains("仅供学术"),
                6.0,
            )
            + when(f.is_page_title, 2.0)
            + when(self.heading > 0.0, -1.0)
    }

    fn tag(&self) -> f32 {
        let f = self.f;
        -4.0 + when(f.is_count, 7.0)
            + when(f.is_tags, 6.0)
            + when(
                self.line.dress.hint == Some(Hint::Tags) && f.length < 30,
                3.0,
            )
            + when(
                self.around
                    .next_line
                    .is_some_and(|next| next.text == "+关注"),
                4.0,
            )
    }
}

/// What titles and headings of a page have in common.
struct Habits {
    paper: Shares,
    section: Shares,
    heading: Shares,
    all: Shares,
}

/// The traits by which a page tells its parts apart.
const TRAITS: usize = 8;

/// How many values a trait has.
const VALUES: usize = 10;

#[derive(Debug, Clone, Copy, Default)]
struct Shares {
    counts: [[f32; VALUES]; TRAITS],
    total: f32,
}

fn traits(line: &Line, features: &Features, before_label: bool) -> [usize; TRAITS] {
    let bool = usize::from;
    let number = match features.number.map(|(kind, _, _)| kind) {
        None => 0,
        Some(Numbering::Arabic) => 1,
        Some(Numbering::Bracket) => 2,
        Some(Numbering::Han) => 3,
        Some(Numbering::Word) => 4,
    };
    [
        usize::from(line.dress.heading.min(6)),
        bool(features.is_bold),
        bool(line.dress.item),
        number,
        bool(features.book >= 0.5),
        bool(
            features
                .label
                .is_some_and(|(field, _)| field == Field::Title),
        ),
        if features.anchor.is_some() {
            2
        } else {
            bool(features.is_linked_title)
        },
        match (features.han >= 0.3, before_label) {
            (false, false) => 0,
            (false, true) => 1,
            (true, false) => 2,
            (true, true) => 3,
        },
    ]
}

impl Shares {
    fn add(&mut self, traits: [usize; TRAITS]) {
        for (counts, value) in self.counts.iter_mut().zip(traits) {
            if let Some(count) = counts.get_mut(value) {
                *count += 1.0;
            }
        }
        self.total += 1.0;
    }

    /// How much more usual these traits are here than elsewhere, bounded.
    fn pull(&self, all: &Self, traits: [usize; TRAITS]) -> f32 {
        if self.total < 3.0 {
            return 0.0;
        }
        let sum: f32 = self
            .counts
            .iter()
            .zip(&all.counts)
            .zip(traits)
            .map(|((own, all_counts), value)| {
                let own = (own.get(value).copied().unwrap_or(0.0) + 0.3) / (self.total + 3.0);
                let all = (all_counts.get(value).copied().unwrap_or(0.0) + 0.3) / (all.total + 3.0);
                (own / all).ln()
            })
            .sum();
        (sum * 0.5).clamp(-2.5, 2.0)
    }
}

impl Habits {
    fn of(lines: &[Line], features: &[Features], roles: &[Role]) -> Self {
        let mut habits = Self {
            paper: Shares::default(),
            section: Shares::default(),
            heading: Shares::default(),
            all: Shares::default(),
        };
        for (index, ((line, features), role)) in lines.iter().zip(features).zip(roles).enumerate() {
            if features.is_sentence || is_fact(features) {
                continue;
            }
            let traits = traits(line, features, is_before_label(lines, index));
            habits.all.add(traits);
            match role {
                Paper | PaperFound => habits.paper.add(traits),
                Section => habits.section.add(traits),
                Heading | HeadingFound => habits.heading.add(traits),
                Opening | Title | Byline | Intro | Stray | SectionText | Between | Marker
                | Translation | TranslationFound | Fact | FactFound | Prose | ProseFound
                | Furniture | FurnitureFound | Colophon | Tag | RelatedHead | Related
                | ReferenceHead | Reference | Closing => {}
            }
        }
        habits
    }

    /// The level of most titles that are headings.
    fn level(&self) -> Option<u8> {
        let levels = self.paper.counts.first()?;
        let headings: f32 = levels.iter().skip(1).sum();
        let most = levels
            .iter()
            .enumerate()
            .skip(1)
            .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let is_usual = headings >= 3.0 && headings * 10.0 >= self.paper.total * 7.0;
        let is_one = *most.1 * 10.0 >= headings * 8.0;
        u8::try_from(most.0).ok().filter(|_| is_usual && is_one)
    }

    fn weigh(&self, line: &Line, features: &Features, before_label: bool, scores: &mut Scores) {
        if is_fact(features) || !line.cells.is_empty() {
            return;
        }
        let traits = traits(line, features, before_label);
        // What is below titles is within their papers, what is above them is not.
        let own = line.dress.heading;
        let (above, below) = self
            .level()
            .filter(|_| own > 0)
            .map_or((false, false), |level| (own < level, own > level));
        for (role, value) in [
            (Section, when(above, 1.5) + when(below, -4.0)),
            (Heading, when(above, -3.0) + when(below, 2.0)),
            (HeadingFound, when(above, -3.0) + when(below, 2.0)),
            (Paper, when(above || below, -3.0)),
            (PaperFound, when(above || below, -2.0)),
        ] {
            if let Some(score) = scores.get_mut(role.at()) {
                *score += value;
            }
        }
        let paper = self.paper.pull(&self.all, traits);
        let section = self.section.pull(&self.all, traits);
        let heading = self.heading.pull(&self.all, traits);
        for (roles, pull) in [
            (
                &[Paper, PaperFound] as &[Role],
                if features.is_sentence {
                    paper.min(0.0)
                } else {
                    paper
                },
            ),
            (&[Section], section * 0.7),
            (&[Heading, HeadingFound], heading * 0.6),
        ] {
            for role in roles {
                if let Some(score) = scores.get_mut(role.at()) {
                    *score += pull;
                }
            }
        }
    }
}

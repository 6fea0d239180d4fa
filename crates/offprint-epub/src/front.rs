//! What stands before the text: cover and title page.

use std::collections::BTreeSet;

use minijinja::{Error, context};
use offprint_core::colophon::imprint;
use offprint_core::diagnostic::Diagnostic;
use offprint_core::export::ExportError;
use offprint_core::words::Label;

use crate::cover as drawing;
use crate::pages::{Making, Page, PageKind, TITLE_FILE, internal};
use crate::{Cover, Profile, kindle, pictures};

/// A cover picture.
pub(crate) struct CoverPicture {
    pub file: String,
    pub data: Vec<u8>,
    pub media_type: &'static str,
}

/// The curator's picture, else a drawn one.
pub(crate) fn cover(
    making: &Making<'_>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Option<CoverPicture>, ExportError> {
    let issues = making.issue.cover.as_ref().map(|image| image.src.as_str());
    let series = match &making.epub.cover {
        Cover::Auto => None,
        Cover::Picture(path) => Some(path.as_str()),
        Cover::None => return Ok(None),
    };
    let mut pictures = issues.into_iter().chain(series);
    // On Kindle the picture is a file of its own, which no page shows.
    let is_shown = making.profile == Profile::Epub3;
    let picture = pictures.find_map(|src| {
        let hidden = making.pictures.peek(src).filter(|_| !is_shown);
        Some((src, hidden.or_else(|| making.pictures.get(src))?))
    });
    if let Some((src, asset)) = picture {
        let picture = match making.profile {
            Profile::Epub3 => CoverPicture {
                file: pictures::file(asset),
                data: pictures::data(asset, Profile::Epub3)
                    .map_err(internal)?
                    .into_owned(),
                media_type: asset.encoding.media_type(),
            },
            Profile::Kindle => {
                warnings.extend(kindle::cover_warning(src, asset));
                CoverPicture {
                    file: "cover.jpg".to_owned(),
                    data: kindle::cover(asset).map_err(internal)?,
                    media_type: "image/jpeg",
                }
            }
        };
        return Ok(Some(picture));
    }
    let drawing = drawing::draw(making.series, making.issue);
    if let Some(warning) = undrawn_title(making, &drawing.missing) {
        warnings.push(warning);
        return Ok(None);
    }
    let missing = drawing.missing.iter().copied().map(missing_glyph);
    warnings.extend(missing);
    // Beside the folder of pictures, where one may have these names.
    let (file, media_type, data) = match making.profile {
        Profile::Epub3 => ("cover.png", "image/png", drawing.png().map_err(internal)?),
        Profile::Kindle => ("cover.jpg", "image/jpeg", drawing.jpeg().map_err(internal)?),
    };
    Ok(Some(CoverPicture {
        file: file.to_owned(),
        data,
        media_type,
    }))
}

/// What is said where a title cannot be written on a cover: one with holes in its title is
/// worse than none, in place of which readers set the title themselves.
fn undrawn_title(making: &Making<'_>, missing: &BTreeSet<char>) -> Option<Diagnostic> {
    let title = making.issue.title.chars();
    let mut letters = title.filter(|letter| letter.is_alphanumeric() && missing.contains(letter));
    let first = letters.next()?;
    let others: BTreeSet<char> = letters.filter(|letter| *letter != first).collect();
    let point = u32::from(first);
    let others = match others.len() {
        0 => String::new(),
        1 => " and another letter of the title".to_owned(),
        count => format!(" and {count} other letters of the title"),
    };
    Some(
        Diagnostic::warning(
            "epub::missing-glyph",
            format!(
                "the book has no cover: no embedded font has `{first}` (U+{point:04X}){others}"
            ),
        )
        .hint("give the issue a `cover` picture"),
    )
}

fn missing_glyph(character: char) -> Diagnostic {
    Diagnostic::warning(
        "epub::missing-glyph",
        format!(
            "the drawn cover lacks `{character}` (U+{:04X}), which no embedded font has",
            u32::from(character)
        ),
    )
    .hint("give the issue a `cover` picture")
}

/// The page that shows the cover, for readers that do not show the picture by themselves.
pub(crate) fn cover_page(making: &Making<'_>, cover: &CoverPicture) -> Result<Page, Error> {
    let title = making.words.label(Label::Cover);
    let alt = match &making.issue.cover {
        Some(image) if !image.alt.is_empty() => image.alt.as_str(),
        _ => making.issue.title.as_str(),
    };
    let body = making.fill("cover.xhtml", context! { src => &cover.file, alt })?;
    making.page("cover.xhtml", title, PageKind::Cover, &body)
}

/// Title, people, date and what the issue is about.
pub(crate) fn title_page(making: &Making<'_>) -> Result<Page, Error> {
    let Making { issue, words, .. } = making;
    let people = [
        (Label::Authors, &issue.authors),
        (Label::Translators, &issue.translators),
        (Label::Editors, &issue.editors),
    ];
    let people: Vec<String> = people
        .into_iter()
        .filter(|(_, people)| !people.is_empty())
        .map(|(label, people)| {
            let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
            format!("{}{}", words.lead(label), names.join(words.comma()))
        })
        .collect();
    let mut facts = vec![words.moment(issue.date)];
    facts.extend(issue.event.as_ref().map(|event| event.name.clone()));
    facts.push(words.papers(issue.papers().count()));
    // A book's title begins with that of the series.
    let is_said = |name: &str| name == issue.title || !issue.parts.is_empty();
    let imprint = imprint(making.series, issue).filter(|name| !is_said(name));
    let body = making.fill(
        "title.xhtml",
        context! {
            imprint,
            number => words.number(issue),
            title => &issue.title,
            subtitle => &issue.subtitle,
            people,
            facts,
            isolates => making.issue.lang.is_rtl(),
            description => &issue.description,
        },
    )?;
    let title = words.label(Label::TitlePage);
    making.page(TITLE_FILE, title, PageKind::Title, &body)
}

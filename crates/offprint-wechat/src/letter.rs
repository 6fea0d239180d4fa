//! What goes with an article: its author, its digest, the address behind 阅读原文.

use offprint_core::text::plain_text;
use offprint_core::words::Words;
use offprint_core::{Issue, Series};

use crate::Wechat;
use crate::preflight::{AUTHOR, DIGEST};
use crate::settings::SourceUrl;

/// How long the name of an author may be, in characters.
pub(crate) const MAX_AUTHOR: usize = AUTHOR.draft;
/// How long a digest may be, in characters: what the editor takes. The interface takes 128.
const MAX_DIGEST: usize = DIGEST.editor;
/// How long the address behind 阅读原文 may be, in bytes.
const MAX_SOURCE_URL: usize = 1024;

/// Who wrote an issue, in at most 16 characters: the settings' author, else the issue's
/// authors, else its editors, else the publisher. Names that find no room are left out whole.
pub(crate) fn author(settings: &Wechat, series: &Series, issue: &Issue) -> Option<String> {
    if let Some(author) = &settings.author {
        return Some(author.clone());
    }
    let words = Words::of(&issue.lang);
    let people = [&issue.authors, &issue.editors]
        .into_iter()
        .find(|people| !people.is_empty());
    let named = people.and_then(|people| {
        // From all of them down to the first, with 等 for those left out.
        (1..=people.len().min(MAX_AUTHOR))
            .rev()
            .map(|most| words.people(people, most))
            .find(|names| names.chars().count() <= MAX_AUTHOR)
    });
    named.or_else(|| {
        series
            .publisher
            .clone()
            .filter(|publisher| publisher.chars().count() <= MAX_AUTHOR)
    })
}

/// What is shown where an article is shared, in at most 120 characters: the issue's
/// description, else the beginning of its introduction. It ends with a sentence where one
/// ends, else with an ellipsis.
pub(crate) fn digest(issue: &Issue) -> Option<String> {
    let written = issue
        .description
        .clone()
        .unwrap_or_else(|| plain_text(&issue.intro));
    let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if written.is_empty() {
        return None;
    }
    if written.chars().count() <= MAX_DIGEST {
        return Some(written);
    }
    let room: Vec<char> = written.chars().take(MAX_DIGEST).collect();
    let ends_sentence = |place: usize| match room.get(place) {
        Some('。' | '！' | '？' | '…') => true,
        Some('.' | '!' | '?') => room.get(place + 1).is_none_or(|next| *next == ' '),
        Some(_) | None => false,
    };
    let sentence = (0..room.len()).rev().find(|&place| ends_sentence(place));
    // A first sentence of a few words says less than a second that breaks off.
    if let Some(end) = sentence.filter(|&end| end >= MAX_DIGEST / 3) {
        return Some(room.iter().take(end + 1).collect());
    }
    let before_mark = room.get(..MAX_DIGEST - 1).unwrap_or(&room);
    // Latin words are not cut; a run without blanks, as Chinese is, may end anywhere.
    let is_word = |character: &char| character.is_ascii_alphanumeric();
    let cuts_word = before_mark.last().is_some_and(is_word) && room.last().is_some_and(is_word);
    let end = if cuts_word {
        before_mark
            .iter()
            .rposition(|character| !is_word(character))
            .map_or(before_mark.len(), |place| place + 1)
    } else {
        before_mark.len()
    };
    let cut: String = before_mark.iter().take(end).collect();
    Some(format!("{}…", cut.trim_end()))
}

/// What 阅读原文 leads to.
pub(crate) fn source_url(settings: &Wechat, series: &Series, issue: &Issue) -> Option<String> {
    let url = match &settings.source_url {
        SourceUrl::Fixed(url) => Some(url.clone()),
        SourceUrl::None => None,
        SourceUrl::Issue => issue.canonical.clone().or_else(|| {
            let url = series.url.as_ref()?;
            Some(format!("{url}{}/", issue.id))
        }),
    };
    url.filter(|url| url.len() <= MAX_SOURCE_URL)
}

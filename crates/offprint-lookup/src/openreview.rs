//! OpenReview's notes. The second version of its interface wraps every value in `value`, the
//! first does not; conferences before 2023 are known to the first alone. Neither says reliably
//! where a paper appeared, and so none of that is taken.

use serde_json::Value;

use crate::client::{Client, Trouble, percent_encoded};
use crate::facts::{Facts, line};

/// Asks for a paper.
pub(crate) fn ask(client: &mut Client<'_>, id: &str) -> Result<Facts, Trouble> {
    let second = format!(
        "{}/notes?id={}",
        client.settings.openreview,
        percent_encoded(id)
    );
    match client.ask("OpenReview", &second, read) {
        Ok(found) => {
            if let Some(facts) = found.into_iter().next() {
                return Ok(facts);
            }
        }
        Err(Trouble::NotFound | Trouble::Refused(_)) => {}
        Err(Trouble::Failed(why)) => return Err(Trouble::Failed(why)),
    }
    let first = format!(
        "{}/notes?id={}",
        client.settings.openreview_v1,
        percent_encoded(id)
    );
    let found = client.ask("OpenReview", &first, read)?;
    found.into_iter().next().ok_or(Trouble::NotFound)
}

/// Reads an answer: the notes in it that are papers.
fn read(bytes: &[u8]) -> Option<Vec<Facts>> {
    let answer: Value = serde_json::from_slice(bytes).ok()?;
    let notes = answer.get("notes")?.as_array()?;
    Some(notes.iter().filter_map(facts).collect())
}

fn facts(note: &Value) -> Option<Facts> {
    let content = note.get("content")?;
    let field = |name: &str| {
        let value = content.get(name)?;
        Some(value.get("value").unwrap_or(value))
    };
    let text = |name: &str| {
        let text = field(name)?.as_str()?;
        Some(text.to_owned()).filter(|text| !text.trim().is_empty())
    };
    let authors = field("authors")
        .and_then(Value::as_array)
        .map(|names| {
            names
                .iter()
                .filter_map(Value::as_str)
                .map(line)
                // Under review nobody is named.
                .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("anonymous"))
                .collect()
        })
        .unwrap_or_default();
    let is_withdrawn = text("venueid").is_some_and(|venue| venue.contains("Withdrawn"))
        || note
            .get("invitation")
            .and_then(Value::as_str)
            .is_some_and(|invitation| invitation.contains("Withdrawn"))
        || field("withdrawal").is_some_and(|value| value == "Confirmed");
    Some(Facts {
        title: Some(line(&text("title")?)).filter(|title| !title.is_empty()),
        authors,
        summary: text("abstract"),
        is_withdrawn,
        ..Facts::default()
    })
    .filter(|facts| facts.title.is_some())
}

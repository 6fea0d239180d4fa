//! arXiv's query interface: Atom with a few elements of its own.

use std::collections::BTreeMap;

use offprint_core::check::identifier;
use offprint_core::model::without_version;
use roxmltree::{Document, Node};

use crate::client::{Client, Trouble, percent_encoded};
use crate::facts::{Facts, line};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const OWN: &str = "http://arxiv.org/schemas/atom";

/// Asks for papers; the answer is by identifier, with its version and without.
pub(crate) fn ask(
    client: &mut Client<'_>,
    ids: &[String],
) -> Result<BTreeMap<String, Facts>, Trouble> {
    let list: Vec<String> = ids.iter().map(|id| percent_encoded(id)).collect();
    let base = &client.settings.arxiv;
    let sign = if base.contains('?') { '&' } else { '?' };
    let address = format!(
        "{base}{sign}id_list={}&start=0&max_results={}",
        list.join(","),
        ids.len()
    );
    match client.ask("arXiv", &address, read)? {
        Answer::Papers(found) => Ok(found),
        Answer::Wrong => Err(Trouble::Refused(400)),
    }
}

enum Answer {
    Papers(BTreeMap<String, Facts>),
    /// The question is.
    Wrong,
}

/// Reads an answer; `None` if it cannot be understood.
fn read(bytes: &[u8]) -> Option<Answer> {
    let text = std::str::from_utf8(bytes).ok()?;
    let document = Document::parse(text).ok()?;
    let feed = document.root_element();
    if !feed.has_tag_name((ATOM, "feed")) {
        return None;
    }
    let mut found = BTreeMap::new();
    let mut newest: BTreeMap<String, u32> = BTreeMap::new();
    for entry in feed
        .children()
        .filter(|child| child.has_tag_name((ATOM, "entry")))
    {
        let address = text_of(entry, (ATOM, "id"));
        if address.contains("/api/errors") {
            return Some(Answer::Wrong);
        }
        let Some((_, id)) = address.split_once("/abs/") else {
            continue;
        };
        let Some(id) = identifier::arxiv(id) else {
            continue;
        };
        let facts = facts(entry);
        // An identifier that was never given has an entry without a title.
        if facts.title.is_none() {
            continue;
        }
        // Without a version the newest is meant.
        let bare = without_version(&id).to_owned();
        let version = id
            .get(bare.len() + 1..)
            .and_then(|version| version.parse::<u32>().ok())
            .unwrap_or(0);
        if newest.get(&bare).is_none_or(|&other| other <= version) {
            newest.insert(bare.clone(), version);
            found.insert(bare, facts.clone());
        }
        found.insert(id, facts);
    }
    Some(Answer::Papers(found))
}

fn text_of(parent: Node<'_, '_>, name: (&str, &str)) -> String {
    let child = parent.children().find(|child| child.has_tag_name(name));
    let text: String = child
        .iter()
        .flat_map(Node::descendants)
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .collect();
    line(&text)
}

fn facts(entry: Node<'_, '_>) -> Facts {
    let some = |name| Some(text_of(entry, name)).filter(|text| !text.is_empty());
    let authors = entry
        .children()
        .filter(|child| child.has_tag_name((ATOM, "author")))
        .map(|author| text_of(author, (ATOM, "name")))
        .filter(|name| !name.is_empty())
        .collect();
    let comment = text_of(entry, (OWN, "comment")).to_lowercase();
    let summary = text_of(entry, (ATOM, "summary"));
    let withdrawn = ["has been withdrawn", "is withdrawn", "withdrawn by"];
    let is_withdrawn = comment.contains("withdrawn")
        || summary.len() < 1000
            && withdrawn
                .iter()
                .any(|words| summary.to_lowercase().contains(words));
    let venue = some((OWN, "journal_ref"));
    let date = text_of(entry, (ATOM, "published"));
    Facts {
        title: some((ATOM, "title")).filter(|title| title != "Error"),
        authors,
        is_preprint: venue.is_none(),
        venue,
        date: date.get(..10).map(str::to_owned),
        doi: some((OWN, "doi")),
        summary: Some(summary).filter(|summary| !summary.is_empty()),
        is_withdrawn,
        ..Facts::default()
    }
}

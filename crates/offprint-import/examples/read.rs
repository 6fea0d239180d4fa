//! Reads a page and shows the draft and what became of each line:
//! `cargo run -p offprint-import --example read -- page.html`
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it reads a file and shows what comes of it"
)]

use offprint_core::Source;
use offprint_core::text::plain_text;
use offprint_import::{Detected, Fate, Kind, detect, import};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let with_trace = arguments.next().is_some();
    let text = String::from_utf8_lossy(&std::fs::read(&name)?).into_owned();
    let kind = match detect(&name, &text) {
        Detected::Kind(kind) => kind,
        Detected::Issue => Kind::Page,
    };
    let source = Source::new(name, text);
    let kind = match std::env::var("KIND").as_deref() {
        Ok("page") => Kind::Page,
        _ => kind,
    };
    let imported = match import(&source, kind) {
        Ok(imported) => imported,
        Err(faults) => {
            for fault in faults {
                println!("error {}: {}", fault.code, fault.message);
            }
            return Ok(());
        }
    };
    let draft = &imported.draft;
    println!("title    {:?}", draft.title);
    println!("date     {:?}", draft.date);
    println!(
        "people   authors {:?} editors {:?} translators {:?}",
        draft.authors, draft.editors, draft.translators
    );
    println!("source   {:?}", draft.source);
    println!("notice   {:?}", draft.declaration);
    println!("web      {:?} {:?}", draft.canonical, draft.description);
    for tag in &draft.tags {
        println!(
            "tag      {} {:?} {:?} {:?}",
            tag.name, tag.followers, tag.articles, tag.views
        );
    }
    for item in &draft.related {
        println!("related  {} {:?} {:?}", item.title, item.date, item.views);
    }
    println!("intro    {}", plain_text(&draft.intro).replace('\n', " / "));
    let mut number = 0;
    for section in &draft.sections {
        println!(
            "== {:?} {}",
            section.title,
            plain_text(&section.intro).replace('\n', " / ")
        );
        for paper in &section.papers {
            number += 1;
            let entry = &paper.entry;
            println!(
                "{number:4}. {:?}",
                entry.title.as_deref().unwrap_or_default()
            );
            println!("      {:?} {:?}", entry.url, entry.links);
            println!(
                "      by {:?} of {:?} in {:?} {:?} {:?} {:?} tags {:?}",
                entry.authors,
                entry.affiliations,
                entry.venue,
                entry.status,
                entry.date,
                entry.year,
                entry.tags
            );
            let shown = |text: &str| -> String {
                let short: String = text.replace('\n', " / ").chars().take(160).collect();
                format!("{short} [{}]", text.chars().count())
            };
            println!("      abs {}", shown(&plain_text(&entry.abstract_text)));
            println!("      com {}", shown(&plain_text(&paper.commentary)));
        }
    }
    println!("papers   {number}");
    for finding in &imported.diagnostics {
        let line = finding.place.as_ref().map(|place| place.line_column().0);
        println!(
            "{} {} line {line:?}: {}",
            finding.severity.as_str(),
            finding.code,
            finding.message
        );
    }
    if with_trace {
        for traced in &imported.trace {
            let words: String = source
                .text
                .get(traced.span.clone())
                .unwrap_or_default()
                .chars()
                .take(60)
                .collect();
            let (sign, what) = match &traced.fate {
                Fate::Kept(what) => ('+', what),
                Fate::Dropped(why) => ('-', why),
            };
            println!("{sign} {what:40} | {}", words.replace('\n', " "));
        }
    }
    Ok(())
}

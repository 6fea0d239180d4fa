//! The next issue of a series.

mod name;
mod write;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use offprint_core::check::date;
use offprint_core::fields::Value;
use offprint_core::load::{Fact, Form, Location, facts, name_of};
use offprint_core::series::{Card, next_day, numbers};
use offprint_core::{Moment, Severity, Source};

use crate::browse::{self, Browser, Read};
use crate::fault::Fault;
use crate::init::today;
use crate::lang::speaks_chinese;
use crate::report::Reporter;
use crate::roots::{IssueFile, shown};
use name::Named;
use write::Field;

/// What is asked of the next issue.
#[derive(Debug, Default)]
pub(crate) struct Wish<'a> {
    pub(crate) title: Option<&'a str>,
    pub(crate) date: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
    pub(crate) form: Option<Form>,
}

/// How many of the last issues say what the next one repeats.
const REPEATING: usize = 3;
/// Fields that are an issue's own.
const OWN: [&str; 14] = [
    "title",
    "short-title",
    "subtitle",
    "date",
    "updated",
    "id",
    "number",
    "volume",
    "draft",
    "cover",
    "related",
    "identifier",
    "canonical",
    "lang",
];
/// Fields that one issue alone makes a habit.
const LASTING: [&str; 7] = [
    "authors",
    "editors",
    "translators",
    "license",
    "declaration",
    "defaults",
    "bibliography",
];

/// Writes the next issue of the series at `path`. Nothing that is there is touched.
pub(crate) fn new(path: &Path, wish: &Wish<'_>, reporter: &mut Reporter) -> Result<(), Fault> {
    let browser = browse::open(path)?;
    if !browser.is_series {
        return Err(Fault::usage(
            format!("`{}` belongs to no series", shown(path)),
            "make a series first: `offprint init`",
        ));
    }
    let shelf = Shelf::of(&browser, reporter);
    let next = shelf.next(&browser, wish)?;
    let text = next.text();
    next.check(&browser, &shelf.cards, &text)?;
    let file = next.path(&browser);
    let otherwise = "nothing was changed; give the issue another date: `--date 2026-11-27`";
    write_new(&file, &text, otherwise)?;
    let draft = if next.form == Form::Json {
        "set `draft` to false"
    } else {
        "remove the line `draft`"
    };
    reporter.say(&format!(
        "  created {}  issue {}, {}; a draft\n",
        shown(&file),
        next.number,
        next.date.get(..10).unwrap_or(&next.date),
    ));
    reporter.say(&format!(
        "Next: put your papers in, {draft}, then: offprint check\n"
    ));
    Ok(())
}

/// The issues that a series has.
struct Shelf {
    /// In the order of their dates.
    cards: Vec<Card>,
    numbers: Vec<u32>,
    /// The last ones, the latest first.
    last: Vec<Former>,
}

/// One of the last issues.
struct Former {
    read: Read,
    number: u32,
    location: Location,
    form: Form,
    extension: String,
    is_folder: bool,
    facts: Vec<Fact>,
}

impl Shelf {
    fn of(browser: &Browser, reporter: &mut Reporter) -> Self {
        let mut found: Vec<(Card, &IssueFile)> = Vec::new();
        for file in browser.files() {
            match browser.read(file) {
                Some(read) => found.push((read.card, file)),
                None => reporter.finding(&browse::left_out(file)),
            }
        }
        found.sort_by(|(one, _), (other, _)| {
            let key = |card: &Card| (card.date.unix_seconds(), card.number);
            (key(one), &one.id).cmp(&(key(other), &other.id))
        });
        let (cards, files): (Vec<Card>, Vec<&IssueFile>) = found.into_iter().unzip();
        let numbers = numbers(&cards);
        let last = files
            .iter()
            .zip(&numbers)
            .rev()
            .take(REPEATING)
            .filter_map(|(file, &number)| {
                let read = browser.read(file)?;
                let facts = facts(&read.source, file.form);
                Some(Former {
                    number,
                    location: file.location.clone(),
                    form: file.form,
                    extension: file.path.extension()?.to_str()?.to_owned(),
                    is_folder: file.path.file_stem()? == "index",
                    facts,
                    read,
                })
            })
            .collect();
        Self {
            cards,
            numbers,
            last,
        }
    }

    fn next<'a>(&'a self, browser: &Browser, wish: &Wish<'_>) -> Result<Next<'a>, Fault> {
        let last = self.last.first();
        let volume = last.and_then(|last| last.read.card.volume);
        let number = self.number(volume);
        let date = self.date(browser, wish)?;
        let day = date::day(&date).map_err(|fault| Fault::Bug(fault.message))?;
        let in_chinese = last.is_some_and(|last| {
            last.facts
                .iter()
                .any(|fact| !fact.name.is_ascii() && !fact.field.starts_with("x-"))
        });
        let stem = self
            .named(|former| former.location.stem.as_str())
            .and_then(|(last, before)| name::next(last, before, day, number))
            .filter(|stem| Self::is_free(browser, stem));
        let stem = match (stem, last) {
            (Some(stem), _) => stem,
            (None, Some(_)) if Self::is_free(browser, &day.to_string()) => day.to_string(),
            (None, _) => format!("{day}-{number:03}"),
        };
        // An issue that names itself is followed by one that does.
        let id = wish.id.map(str::to_owned).or_else(|| {
            last.filter(|last| last.read.card.id_at.is_some())?;
            let (last, before) = self.named(|former| former.read.card.id.as_str())?;
            name::next(last, before, day, number).or_else(|| Some(day.to_string()))
        });
        let title = match wish.title {
            Some(title) => title.to_owned(),
            None => self.title(browser, day, number),
        };
        let form = wish
            .form
            .or(last.map(|last| last.form))
            .unwrap_or(Form::Markdown);
        Ok(Next {
            number,
            volume,
            date,
            title,
            id,
            stem,
            form,
            in_chinese,
            lang: self.lang(browser),
            repeated: self.repeated(),
            sections: self.sections(),
            is_chinese: self.is_chinese(browser),
            last,
        })
    }

    /// Whether no issue's file or folder has this name.
    fn is_free(browser: &Browser, stem: &str) -> bool {
        browser
            .files()
            .iter()
            .all(|file| file.location.stem != stem)
    }

    /// The number after that of the last issue, or the next that no issue of the volume has.
    fn number(&self, volume: Option<u32>) -> u32 {
        let taken: BTreeSet<u32> = self
            .cards
            .iter()
            .zip(&self.numbers)
            .filter(|(card, _)| card.volume == volume)
            .map(|(_, &number)| number)
            .collect();
        let last = self.last.first().map_or(0, |last| last.number);
        (last.saturating_add(1)..u32::MAX)
            .find(|number| !taken.contains(number))
            .unwrap_or(u32::MAX)
    }

    /// The date as it is to be written: as asked for, else after the rhythm of the series.
    /// A day alone gets the time of day of the last issue.
    fn date(&self, browser: &Browser, wish: &Wish<'_>) -> Result<String, Fault> {
        let day = match wish.date.map(str::trim) {
            Some(written) => {
                let zone = date::time_zone(&browser.series.timezone).unwrap_or(TimeZone::UTC);
                date::moment(written, &zone).map_err(|fault| {
                    let hint = fault.hint.unwrap_or_else(|| "write 2026-11-27".to_owned());
                    Fault::usage(fault.message, hint)
                })?;
                written.to_owned()
            }
            None => self.next_day(browser)?.to_string(),
        };
        let has_time = day.len() > "2026-11-27".len();
        let time = self.last.first().filter(|_| !has_time).and_then(time_of);
        Ok(format!("{day}{}", time.unwrap_or_default()))
    }

    fn next_day(&self, browser: &Browser) -> Result<Date, Fault> {
        let days: Vec<Date> = self.cards.iter().map(|card| card.date.date()).collect();
        if days.is_empty() {
            return today();
        }
        next_day(&days, browser.series.rhythm).ok_or_else(|| {
            Fault::usage(
                "no day of the calendar comes after the last issue",
                "name one: `--date 2026-11-27`",
            )
        })
    }

    /// The last issue and the one before it, by what `name` takes of them.
    fn named<'a>(
        &'a self,
        name: impl Fn(&'a Former) -> &'a str,
    ) -> Option<(Named<'a>, Option<Named<'a>>)> {
        let named = |former: &'a Former| Named {
            name: name(former),
            date: former.read.card.date.date(),
            number: former.number,
        };
        Some((named(self.last.first()?), self.last.get(1).map(named)))
    }

    /// A title after those before it, if they count; else one made of the series' own.
    fn title(&self, browser: &Browser, day: Date, number: u32) -> String {
        let counted = self
            .named(|former| former.read.issue.title.as_str())
            .filter(|(last, _)| last.name.contains(|letter: char| letter.is_ascii_digit()))
            .and_then(|(last, before)| name::next_title(last, before, day, number))
            .filter(|title| self.last.iter().all(|last| last.read.issue.title != *title));
        counted.unwrap_or_else(|| {
            let series = &browser.series.title;
            let title = if self.is_chinese(browser) {
                format!("{series} 第 {number} 期")
            } else {
                format!("{series} {number}")
            };
            title.trim().to_owned()
        })
    }

    fn is_chinese(&self, browser: &Browser) -> bool {
        match (self.last.first(), &browser.series.lang) {
            (Some(last), _) => last.read.issue.lang.is_chinese(),
            (None, Some(lang)) => lang.is_chinese(),
            (None, None) => speaks_chinese(),
        }
    }

    /// The language, where the series does not say it.
    fn lang(&self, browser: &Browser) -> Option<String> {
        let lang = self.last.first().map(|last| &last.read.issue.lang);
        match (lang, &browser.series.lang) {
            (Some(lang), Some(series)) if lang == series => None,
            (Some(lang), _) => Some(lang.as_str().to_owned()),
            (None, Some(_)) => None,
            (None, None) if speaks_chinese() => Some("zh-CN".to_owned()),
            (None, None) => Some("en".to_owned()),
        }
    }

    /// The fields that all of the last issues give alike; of tags, those that all have.
    fn repeated(&self) -> Vec<Fact> {
        let Some((last, others)) = self.last.split_first() else {
            return Vec::new();
        };
        let value_of = |former: &Former, field: &str| {
            let fact = former.facts.iter().find(|fact| fact.field == field);
            fact.map(|fact| fact.value.clone())
        };
        last.facts
            .iter()
            .filter(|fact| !OWN.contains(&fact.field.as_str()))
            .filter(|fact| !others.is_empty() || LASTING.contains(&fact.field.as_str()))
            .filter_map(|fact| {
                let mut others = others.iter().map(|former| value_of(former, &fact.field));
                let value = others.try_fold(fact.value.clone(), |shared, other| {
                    common(&fact.field, shared, other?)
                })?;
                Some(Fact {
                    value,
                    ..fact.clone()
                })
            })
            .collect()
    }

    /// The titles of sections that all of the last issues have, if there are several.
    fn sections(&self) -> Vec<String> {
        let titles = |former: &Former| -> Vec<String> {
            let sections = former.read.issue.sections.iter();
            sections.map(|section| section.title.clone()).collect()
        };
        match self.last.split_first() {
            Some((last, others)) if !others.is_empty() => {
                let others: Vec<Vec<String>> = others.iter().map(titles).collect();
                let mut shared = titles(last);
                shared.retain(|title| others.iter().all(|other| other.contains(title)));
                shared
            }
            Some(_) | None => Vec::new(),
        }
    }
}

/// What two issues say alike in a field.
fn common(field: &str, one: Value, other: Value) -> Option<Value> {
    if one == other {
        return Some(one);
    }
    match (field, one, other) {
        ("tags", Value::List(one), Value::List(other)) => {
            let shared: Vec<Value> = one.into_iter().filter(|tag| other.contains(tag)).collect();
            (!shared.is_empty()).then_some(Value::List(shared))
        }
        _ => None,
    }
}

/// What stands behind the day in an issue's date, as it is written.
fn time_of(former: &Former) -> Option<String> {
    let moment: Moment = former.read.card.date;
    let fact = former.facts.iter().find(|fact| fact.field == "date")?;
    match &fact.value {
        Value::Text(text) if moment.has_time() => text.trim().get(10..).map(str::to_owned),
        Value::Text(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Table(_) => None,
    }
}

/// The issue that is to be written.
struct Next<'a> {
    number: u32,
    volume: Option<u32>,
    date: String,
    title: String,
    id: Option<String>,
    stem: String,
    form: Form,
    /// Whether fields have Chinese names.
    in_chinese: bool,
    /// Whether the issue is written in Chinese.
    is_chinese: bool,
    lang: Option<String>,
    repeated: Vec<Fact>,
    sections: Vec<String>,
    last: Option<&'a Former>,
}

impl Next<'_> {
    fn path(&self, browser: &Browser) -> PathBuf {
        let folder = browser.root.join(&browser.series.paths.issues);
        let known = self.last.filter(|last| last.form == self.form);
        let extension = known.map_or_else(
            || extension_of(self.form).to_owned(),
            |last| last.extension.clone(),
        );
        if self.last.is_some_and(|last| last.is_folder) {
            folder.join(&self.stem).join(format!("index.{extension}"))
        } else {
            folder.join(format!("{}.{extension}", self.stem))
        }
    }

    /// What a field is called: as the last issue does, or in its language.
    fn name<'f>(&'f self, field: &'f str) -> &'f str {
        let facts = self
            .last
            .map(|last| last.facts.as_slice())
            .unwrap_or_default();
        facts.iter().find(|fact| fact.field == field).map_or_else(
            || name_of(field, self.in_chinese),
            |fact| fact.name.as_str(),
        )
    }

    fn fields(&self) -> Vec<Field> {
        let field = |name: &str, value| Field {
            name: self.name(name).to_owned(),
            value,
            comment: None,
        };
        let text = |text: &str| Value::Text(text.to_owned());
        let mut fields = vec![
            field("title", text(&self.title)),
            field("date", text(&self.date)),
        ];
        fields.extend(self.id.as_deref().map(|id| field("id", text(id))));
        fields.push(field("number", Value::Integer(self.number.into())));
        fields.extend(
            self.volume
                .map(|volume| field("volume", Value::Integer(volume.into()))),
        );
        fields.push(Field {
            comment: Some(if self.is_chinese {
                "草稿只检查，不生成；写好后删掉这一行"
            } else {
                "a draft is checked, not built; remove this line to publish"
            }),
            ..field("draft", Value::Bool(true))
        });
        fields.extend(self.lang.as_deref().map(|lang| field("lang", text(lang))));
        fields.extend(self.repeated.iter().map(|fact| Field {
            name: fact.name.clone(),
            value: fact.value.clone(),
            comment: None,
        }));
        fields
    }

    fn text(&self) -> String {
        let fields = self.fields();
        match self.form {
            Form::Markdown => {
                let is_toml = self
                    .last
                    .filter(|last| last.form == Form::Markdown)
                    .is_some_and(|last| last.read.source.text.starts_with("+++"));
                let body = self.markdown_skeleton();
                if is_toml {
                    format!("+++\n{}+++\n\n{body}", write::toml(&fields))
                } else {
                    format!("---\n{}---\n\n{body}", write::yaml(&fields))
                }
            }
            Form::Yaml => format!("{}{}", write::yaml(&fields), self.yaml_skeleton()),
            Form::Toml => format!("{}{}", write::toml(&fields), self.toml_skeleton()),
            Form::Json => {
                let mut object = write::json(&fields);
                object.insert("sections".to_owned(), serde_json::Value::Array(Vec::new()));
                format!("{:#}\n", serde_json::Value::Object(object))
            }
        }
    }

    /// The sections to begin with.
    fn section_titles(&self) -> Vec<&str> {
        match (self.sections.as_slice(), self.is_chinese) {
            ([], true) => vec!["栏目"],
            ([], false) => vec!["Section"],
            (titles, _) => titles.iter().map(String::as_str).collect(),
        }
    }

    fn markdown_skeleton(&self) -> String {
        let paper = if self.is_chinese {
            "### 论文的标题\n\n- 链接: https://\n- 作者: \n\n短评。\n"
        } else {
            "### The paper's title\n\n- url: https://\n- authors: \n\nYour comment.\n"
        };
        let lead = if self.is_chinese {
            "导读写在第一个 `##` 之前。下面是样子，改好后去掉注释的记号。"
        } else {
            "An introduction stands before the first `##`. This is what follows: fill it in and\n\
             take the marks of the comment away."
        };
        let mut text = format!("<!-- {lead}\n");
        for title in self.section_titles() {
            // Nothing in a comment may end it.
            let title = title.replace("--", "- -").replace('>', "");
            let _ = write!(text, "\n## {title}\n\n{paper}");
        }
        text.push_str("\n-->\n");
        text
    }

    fn yaml_skeleton(&self) -> String {
        let [title, comment] = self.words();
        let mut text = "\n# sections:\n".to_owned();
        for section in self.section_titles() {
            let _ = write!(
                text,
                "#   - title: {}\n#     papers:\n#       - title: {title}\n#         url: https://\n\
                 #         commentary: {comment}\n",
                serde_json::Value::from(section)
            );
        }
        text
    }

    fn toml_skeleton(&self) -> String {
        let [title, comment] = self.words();
        let mut text = String::new();
        for section in self.section_titles() {
            let _ = write!(
                text,
                "\n# [[sections]]\n# title = {}\n# [[sections.papers]]\n# title = \"{title}\"\n\
                 # url = \"https://\"\n# commentary = \"{comment}\"\n",
                offprint_core::spell::toml_text(section)
            );
        }
        text
    }

    fn words(&self) -> [&'static str; 2] {
        if self.is_chinese {
            ["论文的标题", "短评"]
        } else {
            ["The paper's title", "Your comment"]
        }
    }

    /// Reads what is to be written as `check` will.
    fn check(&self, browser: &Browser, others: &[Card], text: &str) -> Result<(), Fault> {
        let source = Source::new("the next issue", text);
        let location = Location {
            folder: browser.series.paths.issues.clone(),
            stem: self.stem.clone(),
        };
        let loaded = browser.load(&source, self.form, &location);
        let fault = loaded
            .diagnostics
            .into_iter()
            .find(|diagnostic| diagnostic.severity == Severity::Error);
        match (fault, loaded.value) {
            (Some(fault), _) => Err(match fault.code {
                "bad-id" => Fault::usage(
                    fault.message,
                    "choose an id of letters a-z, digits and `-`: `--id NAME`",
                ),
                "missing-title" | "too-large" => {
                    Fault::usage(fault.message, "choose another title: `--title TEXT`")
                }
                _ => Fault::Bug(format!("the new issue: {}", fault.message)),
            }),
            (None, Some(issue)) if others.iter().any(|card| card.id == issue.id) => {
                Err(Fault::usage(
                    format!("another issue has the id `{}`", issue.id),
                    "choose one with `--id NAME`",
                ))
            }
            (None, _) => Ok(()),
        }
    }
}

pub(crate) fn extension_of(form: Form) -> &'static str {
    match form {
        Form::Markdown => "md",
        Form::Yaml => "yaml",
        Form::Toml => "toml",
        Form::Json => "json",
    }
}

/// Writes a file that is not there yet, with the folders above it. `otherwise` says what to do
/// if it is.
pub(crate) fn write_new(path: &Path, text: &str, otherwise: &str) -> Result<(), Fault> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Fault::io("make the folder", folder, &error))?;
    }
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            Fault::usage(format!("`{}` is there already", shown(path)), otherwise)
        } else {
            Fault::io("write", path, &error)
        }
    })
}

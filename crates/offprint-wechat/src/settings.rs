//! The table `[wechat]` of `offprint.toml`.

use offprint_core::check::path::{Picture, picture};
use offprint_core::check::url::absolute;
use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::{Diagnostic, Text, markdown};

use crate::Wechat;
use crate::theme::Theme;

/// The account that publishes the article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its WeChat ID.
    pub id: Option<String>,
    /// Its QR code: a key into [`Assets`](offprint_core::Assets).
    pub qr: Option<String>,
}

/// An earlier issue that an article leads to (往期).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Its title.
    pub title: String,
    /// Its address; within WeChat it stays a link.
    pub url: String,
}

/// What 阅读原文 at the end of an article leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceUrl {
    /// The issue's `canonical` address, else its page below the series' `url`.
    Issue,
    /// Always the same.
    Fixed(String),
    /// Nothing: the link is not shown.
    None,
}

/// A part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The text of the setting `header`.
    Header,
    /// Number, date and size of the issue.
    Dateline,
    /// The introduction (导读).
    Intro,
    /// The sections with their papers.
    Papers,
    /// Footnotes.
    Notes,
    /// Earlier issues (往期).
    Past,
    /// Further reading.
    Related,
    /// Subjects.
    Tags,
    /// Source, people, declaration, licence (来源, 责任编辑, 声明).
    About,
    /// The addresses that the text refers to.
    References,
    /// The text of the setting `footer`.
    Footer,
    /// The account with its QR code.
    Account,
}

impl Part {
    /// All of them, in the order in which they stand unless the settings say otherwise.
    pub const ALL: [Self; 12] = [
        Self::Header,
        Self::Dateline,
        Self::Intro,
        Self::Papers,
        Self::Notes,
        Self::References,
        Self::Past,
        Self::Related,
        Self::Tags,
        Self::About,
        Self::Footer,
        Self::Account,
    ];

    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Dateline => "dateline",
            Self::Intro => "intro",
            Self::Papers => "papers",
            Self::Notes => "notes",
            Self::Past => "past",
            Self::Related => "related",
            Self::Tags => "tags",
            Self::About => "about",
            Self::References => "references",
            Self::Footer => "footer",
            Self::Account => "account",
        }
    }

    /// The template that writes it.
    pub(crate) fn template(self) -> &'static str {
        match self {
            Self::Header => "header.html",
            Self::Dateline => "dateline.html",
            Self::Intro => "intro.html",
            Self::Papers => "papers.html",
            Self::Notes => "notes.html",
            Self::Past | Self::Related | Self::Tags | Self::About => "list.html",
            Self::References => "references.html",
            Self::Footer => "footer.html",
            Self::Account => "account.html",
        }
    }

    /// Whether it is set small, as what stands at an article's end.
    pub(crate) fn is_small(self) -> bool {
        match self {
            Self::Notes
            | Self::Past
            | Self::Related
            | Self::Tags
            | Self::About
            | Self::References
            | Self::Account => true,
            Self::Header | Self::Dateline | Self::Intro | Self::Papers | Self::Footer => false,
        }
    }
}

impl Wechat {
    /// Reads the table `[wechat]`; faults are reported to `fields`.
    pub fn read(fields: &mut Fields<'_, '_>) -> Self {
        let default = Self::default();
        let theme = read_theme(fields).unwrap_or(default.theme);
        let spacing = fields.boolean(&["spacing"]).unwrap_or(default.spacing);
        let punctuation = fields
            .boolean(&["punctuation"])
            .unwrap_or(default.punctuation);
        let split = fields.boolean(&["split"]).unwrap_or(default.split);
        let max_title = fields
            .integer(&["max-title"], 1..=64)
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(default.max_title);
        let author = read_author(fields);
        let source_url = read_source_url(fields).unwrap_or(default.source_url);
        let account = fields.table(&["account"], read_account).flatten();
        let past = fields
            .list(&["past"])
            .into_iter()
            .filter_map(|node| fields.table_of(node, read_past))
            .collect();
        let header = read_text(fields, "header");
        let footer = read_text(fields, "footer");
        let blocks = read_blocks(fields).unwrap_or(default.blocks);
        fields.no_effect(
            &["images"],
            |node| is_word(node, "list"),
            Some("the preview page has them in itself, the article beside it"),
        );
        fields.no_effect(
            &["links"],
            |node| is_word(node, "endnotes"),
            Some("articles are made as with `endnotes`"),
        );
        Self {
            theme,
            spacing,
            punctuation,
            split,
            max_title,
            author,
            source_url,
            account,
            past,
            header,
            footer,
            blocks,
        }
    }
}

/// A built-in theme by its name, or the curator's own by its file.
fn read_theme(fields: &mut Fields<'_, '_>) -> Option<Theme> {
    let node = fields.node(&["theme"])?;
    // No theme's name holds a dot.
    let is_file = |text: &str| text.contains(['/', '.']);
    match &node.value {
        NodeValue::Text(text) if is_file(text.trim()) => {
            let written = text.trim();
            // The rules for paths of pictures hold for any file of the project.
            if let Picture::File(path) = picture("", written) {
                return Some(Theme::Own(path));
            }
            let wrong = Diagnostic::error(
                "broken-path",
                format!("`{written}` is no file in the project's folder"),
            )
            .at(fields.place_of(node))
            .hint("write its path from the folder of offprint.toml");
            fields.report(wrong);
            None
        }
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::Text(_)
        | NodeValue::List(_)
        | NodeValue::Table(_) => {
            let mut places = 0..;
            let names = Theme::BUILT_IN.map(|(name, _)| (name, places.next().unwrap_or(0_usize)));
            let place = fields.choice(&["theme"], &names)?;
            Theme::BUILT_IN.get(place).map(|(_, theme)| theme.clone())
        }
    }
}

fn read_author(fields: &mut Fields<'_, '_>) -> Option<String> {
    let (author, node) = fields.spanned_text(&["author"])?;
    let length = author.chars().count();
    if length <= crate::letter::MAX_AUTHOR {
        return Some(author);
    }
    let wrong = Diagnostic::error(
        "too-long",
        format!(
            "the author has {length} characters; WeChat takes {}",
            crate::letter::MAX_AUTHOR
        ),
    )
    .at(fields.place_of(node));
    fields.report(wrong);
    None
}

fn read_source_url(fields: &mut Fields<'_, '_>) -> Option<SourceUrl> {
    let node = fields.node(&["source-url"])?;
    match &node.value {
        NodeValue::Bool(true) => Some(SourceUrl::Issue),
        NodeValue::Bool(false) => Some(SourceUrl::None),
        NodeValue::Null
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::Text(_)
        | NodeValue::List(_)
        | NodeValue::Table(_) => {
            let written = fields.text_of(node)?;
            read_url(fields, &written, node).map(SourceUrl::Fixed)
        }
    }
}

fn read_url(fields: &mut Fields<'_, '_>, written: &str, node: &Node) -> Option<String> {
    match absolute(written) {
        Ok(url) if url.starts_with("http") => Some(url),
        Ok(_) => {
            let wrong = Diagnostic::error("bad-url", format!("`{written}` is no page on the web"))
                .at(fields.place_of(node));
            fields.report(wrong);
            None
        }
        Err(fault) => {
            let mut wrong = Diagnostic::error("bad-url", fault.message).at(fields.place_of(node));
            wrong.hints.extend(fault.hint);
            fields.report(wrong);
            None
        }
    }
}

fn read_account(fields: &mut Fields<'_, '_>) -> Option<Account> {
    let name = fields.text(&["name"]);
    let id = fields.text(&["id"]);
    let qr = read_picture(fields, "qr");
    let name = name.or_else(|| id.clone());
    if name.is_none() {
        let nameless = Diagnostic::error("missing-name", "the account has no name")
            .at(fields.place())
            .hint("add `name = \"…\"`");
        fields.report(nameless);
    }
    Some(Account {
        name: name?,
        id,
        qr,
    })
}

fn read_past(fields: &mut Fields<'_, '_>) -> Option<Past> {
    let title = fields.text(&["title"]);
    let url = fields.spanned_text(&["url"]);
    for (name, is_there) in [("title", title.is_some()), ("url", url.is_some())] {
        if !is_there {
            let missing = Diagnostic::error(
                "missing-field",
                format!("this earlier issue has no `{name}`"),
            )
            .at(fields.place())
            .hint(format!("add `{name} = \"…\"`"));
            fields.report(missing);
        }
    }
    let (written, node) = url?;
    let url = read_url(fields, &written, node);
    Some(Past {
        title: title?,
        url: url?,
    })
}

/// Markdown that stands before or after every article.
fn read_text(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Text> {
    let (written, node) = fields.spanned_text(&[name])?;
    let (text, diagnostics) = markdown::setting(fields.source(), &written, node.span.clone());
    fields.diagnostics().extend(diagnostics);
    (!text.is_empty()).then_some(text)
}

fn read_blocks(fields: &mut Fields<'_, '_>) -> Option<Vec<Part>> {
    let node = fields.node(&["blocks"])?;
    let choices = Part::ALL.map(|part| (part.name(), part));
    let blocks = fields.choices(&["blocks"], &choices);
    if blocks.len() < fields.list(&["blocks"]).len() {
        return None;
    }
    let twice = blocks
        .iter()
        .enumerate()
        .find(|(place, part)| blocks.iter().take(*place).any(|before| before == *part));
    if let Some((_, part)) = twice {
        let wrong = Diagnostic::error(
            "duplicate-value",
            format!("`{}` stands here twice", part.name()),
        )
        .at(fields.place_of(node))
        .hint("keep one of the two");
        fields.report(wrong);
        return None;
    }
    // Without the references their numbers in the text would lead nowhere.
    for needed in [Part::Papers, Part::References] {
        if !blocks.contains(&needed) {
            let wrong = Diagnostic::error(
                "missing-value",
                format!("an article cannot be without `{}`", needed.name()),
            )
            .at(fields.place_of(node))
            .hint(format!("add \"{}\" to the list", needed.name()));
            fields.report(wrong);
            return None;
        }
    }
    Some(blocks)
}

/// The key of a picture below the project's root.
fn read_picture(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<String> {
    let (written, node) = fields.spanned_text(&[key])?;
    let (code, message) = match picture("", &written) {
        Picture::File(path) => return Some(path),
        Picture::Remote => (
            "remote-image",
            "this picture lies on another site".to_owned(),
        ),
        Picture::Refused(why) => ("broken-image", why),
    };
    let wrong = Diagnostic::error(code, message).at(fields.place_of(node));
    fields.report(wrong);
    None
}

fn is_word(node: &Node, word: &str) -> bool {
    matches!(&node.value, NodeValue::Text(text) if text.trim() == word)
}

//! Articles for WeChat: HTML that its editor keeps, in a page to look at and copy from.
//!
//! The editor keeps inline styles and little else, lets no link out of WeChat and knows no
//! identifiers; phones show a column of 335 pixels. An article is therefore written for it
//! from the start, and [`preflight`] says of any HTML what would be lost.

mod article;
mod css;
pub mod dark;
mod fragment;
mod html;
mod page;
pub mod preflight;
mod references;
mod split;
mod theme;

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use offprint_core::check::path::{Picture, picture};
use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::{
    Artifact, Asset, Context, Diagnostic, Edition, Export, ExportError, Exported, Issue,
    RelativePath, Scope, Series,
};

use fragment::Writer;
use page::{Look, Preview};
use preflight::Channel;
use references::{Reference, References};
use theme::{Setting, Styles};

pub use theme::Theme;

/// The most characters, markup included, that WeChat's interface for drafts takes.
const MAX_CHARACTERS: usize = 20_000;
/// The largest picture within an article that WeChat's interface takes, in bytes.
const MAX_UPLOAD: usize = 1024 * 1024;
/// The largest picture that WeChat's editor takes, in bytes.
const MAX_PICTURE: usize = 10 * 1024 * 1024;

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

/// The WeChat exporter and its settings, `[wechat]` in `offprint.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wechat {
    /// What articles look like.
    pub theme: Theme,
    /// Whether a space is put between Han characters and Latin words or numbers in prose.
    pub spacing: bool,
    /// Whether an issue that is too long for WeChat becomes several articles.
    pub split: bool,
    /// How long a title may be, in characters.
    pub max_title: usize,
    /// Who publishes.
    pub account: Option<Account>,
}

impl Default for Wechat {
    fn default() -> Self {
        Self {
            theme: Theme::Plain,
            spacing: true,
            split: true,
            max_title: 64,
            account: None,
        }
    }
}

impl Wechat {
    /// Reads the table `[wechat]`; faults are reported to `fields`.
    pub fn read(fields: &mut Fields<'_, '_>) -> Self {
        let default = Self::default();
        let theme = fields
            .choice(
                &["theme"],
                &[("plain", Theme::Plain), ("classic", Theme::Classic)],
            )
            .unwrap_or(default.theme);
        let spacing = fields.boolean(&["spacing"]).unwrap_or(default.spacing);
        let split = fields.boolean(&["split"]).unwrap_or(default.split);
        let max_title = fields
            .integer(&["max-title"], 1..=64)
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(default.max_title);
        let account = fields.table(&["account"], read_account).flatten();
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
            split,
            max_title,
            account,
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

impl Export for Wechat {
    fn name(&self) -> &'static str {
        "wechat"
    }

    fn scope(&self) -> Scope {
        Scope::Issue
    }

    fn images(&self) -> Vec<&str> {
        let account = self.account.iter();
        account
            .filter_map(|account| account.qr.as_deref())
            .collect()
    }

    fn export(
        &self,
        context: &Context<'_>,
        edition: &Edition<'_>,
    ) -> Result<Exported, ExportError> {
        let mut exported = Exported::default();
        for issue in edition.issues {
            export_issue(self, context, edition.series, issue, &mut exported)?;
        }
        Ok(exported)
    }
}

/// An article, or the part of one that is too long for WeChat: what its editor and its
/// interface for drafts are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article<'a> {
    /// Its title.
    pub title: String,
    /// Who wrote it, at most 16 characters.
    pub author: Option<String>,
    /// What is shown in its place where it is shared, at most 120 characters.
    pub digest: Option<String>,
    /// The article in HTML, every style inline.
    pub content: String,
    /// What 阅读原文 at its end leads to.
    pub source_url: Option<String>,
    /// Its pictures by the address that they have in `content`.
    pub pictures: BTreeMap<String, &'a Asset>,
    /// The picture that is shown where it is shared.
    pub cover: Option<&'a Asset>,
}

impl Wechat {
    /// An issue as articles: one, or the parts of one that is too long for WeChat.
    ///
    /// # Errors
    /// [`ExportError::Input`] for what the curator can mend, [`ExportError::Internal`] for the
    /// rest.
    pub fn articles<'a>(
        &self,
        context: &Context<'a>,
        series: &Series,
        issue: &Issue,
    ) -> Result<Vec<Article<'a>>, ExportError> {
        let environment = environment()?;
        let sheets = sheets(&environment, self, context, series, issue)?;
        Ok(sheets.into_iter().map(|sheet| sheet.article).collect())
    }
}

/// An article, and what it was dressed from.
struct Sheet<'a> {
    /// The article with places for its styles, for other themes.
    undressed: String,
    /// Its references, the first is number 1.
    references: Vec<Reference>,
    article: Article<'a>,
}

/// The articles that an issue makes.
fn sheets<'a>(
    environment: &Environment<'_>,
    settings: &Wechat,
    context: &Context<'a>,
    series: &Series,
    issue: &Issue,
) -> Result<Vec<Sheet<'a>>, ExportError> {
    let styles = Styles::new(settings.theme, setting(issue));
    let write = |part: &Issue| undressed(environment, settings, context, series, part);
    let limit = if settings.split {
        MAX_CHARACTERS - 1
    } else {
        usize::MAX
    };
    let parts = split::parts(issue, limit, |part| {
        let (undressed, ..) = write(part)?;
        Ok::<_, ExportError>(characters(&theme::dress(&undressed, &styles)))
    })?;
    parts
        .iter()
        .map(|part| {
            let (undressed, pictures, references) = write(part)?;
            let article = Article {
                title: page::title(part).to_owned(),
                author: None,
                digest: issue.description.clone(),
                content: theme::dress(&undressed, &styles),
                source_url: issue.canonical.clone(),
                pictures,
                cover: cover(context, issue),
            };
            Ok(Sheet {
                undressed,
                references,
                article,
            })
        })
        .collect()
}

/// How the lines of an issue run.
fn setting(issue: &Issue) -> Setting {
    if issue.lang.is_rtl() {
        Setting::Right
    } else if issue.lang.is_chinese() {
        Setting::Justified
    } else {
        Setting::Left
    }
}

fn cover<'a>(context: &Context<'a>, issue: &Issue) -> Option<&'a Asset> {
    let cover = issue.cover.as_ref()?;
    context.assets.get(&cover.src)
}

fn export_issue(
    settings: &Wechat,
    context: &Context<'_>,
    series: &Series,
    issue: &Issue,
    exported: &mut Exported,
) -> Result<(), ExportError> {
    let environment = environment()?;
    let sheets = sheets(&environment, settings, context, series, issue)?;
    let mut pictures: BTreeMap<RelativePath, &Asset> = BTreeMap::new();
    for Sheet { article, .. } in &sheets {
        for asset in article.pictures.values().copied().chain(article.cover) {
            pictures.insert(asset.public_path(&issue.id)?, asset);
        }
    }
    for (number, Sheet { article, .. }) in (1..).zip(&sheets) {
        exported
            .warnings
            .extend(warnings(settings, issue, &article.content, &pictures));
        let path = if sheets.len() == 1 {
            format!("{0}/{0}.wechat.html", issue.id)
        } else {
            format!("{0}/{0}.wechat.{number}.html", issue.id)
        };
        exported.artifacts.push(Artifact::new(
            RelativePath::new(path)?,
            "text/html",
            article.content.clone().into_bytes(),
        ));
    }
    let findings: Vec<_> = sheets
        .iter()
        .map(|sheet| preflight::preflight(&sheet.article.content, Channel::Paste))
        .collect();
    let preview = Preview {
        settings,
        series,
        issue,
        sheets: &sheets,
        findings: &findings,
        looks: &looks(issue),
        chosen: usize::from(settings.theme == Theme::Classic),
    };
    let page = page::page(&environment, &preview)?;
    exported.artifacts.push(Artifact::new(
        RelativePath::new(format!("{0}/{0}.wechat.preview.html", issue.id))?,
        "text/html",
        page.into_bytes(),
    ));
    for (path, asset) in pictures {
        let mut artifact = Artifact::new(path, asset.encoding.media_type(), asset.data.to_vec());
        artifact.listed = false;
        exported.artifacts.push(artifact);
    }
    Ok(())
}

/// The themes that the preview page offers.
fn looks(issue: &Issue) -> Vec<Look> {
    [("plain", Theme::Plain), ("classic", Theme::Classic)]
        .into_iter()
        .map(|(name, theme)| Look {
            name: name.to_owned(),
            styles: Styles::new(theme, setting(issue)),
        })
        .collect()
}

/// An article without styles: see [`undressed`].
type Undressed<'a> = (String, BTreeMap<String, &'a Asset>, Vec<Reference>);

/// The article with places for its styles, its pictures by their addresses in it, and its
/// references.
fn undressed<'a>(
    environment: &Environment<'_>,
    settings: &Wechat,
    context: &Context<'a>,
    series: &Series,
    issue: &Issue,
) -> Result<Undressed<'a>, ExportError> {
    let styles = Styles::places();
    let mut writer = Writer {
        assets: context.assets,
        styles: &styles,
        spacing: settings.spacing,
        references: References::new(series, issue),
        notes: Vec::new(),
        pictures: BTreeMap::new(),
        out: String::new(),
        last: ' ',
        indent: 0,
    };
    let article = article::article(settings, series, issue, &styles, &mut writer);
    let html = render(environment, "article.html", &article)?;
    let references = writer.references.list().to_vec();
    Ok((without_line_breaks(&html), writer.pictures, references))
}

fn environment() -> Result<Environment<'static>, ExportError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in [
        (
            "article.html",
            include_str!("../../../templates/wechat/article.html"),
        ),
        (
            "paper.html",
            include_str!("../../../templates/wechat/paper.html"),
        ),
        (
            "references.html",
            include_str!("../../../templates/wechat/references.html"),
        ),
        (
            "account.html",
            include_str!("../../../templates/wechat/account.html"),
        ),
        (
            "page.html",
            include_str!("../../../templates/preview/page.html"),
        ),
    ] {
        environment
            .add_template(name, source)
            .map_err(|error| template_failed(name, &error))?;
    }
    Ok(environment)
}

fn render(
    environment: &Environment<'_>,
    name: &str,
    values: &impl serde::Serialize,
) -> Result<String, ExportError> {
    environment
        .get_template(name)
        .and_then(|template| template.render(Serde(values)))
        .map_err(|error| template_failed(name, &error))
}

fn template_failed(name: &str, error: &minijinja::Error) -> ExportError {
    ExportError::Internal(format!("the template {name} failed: {error:#}"))
}

/// Removes line breaks with the indentation after them. All of them are the templates':
/// what templates are given holds none.
fn without_line_breaks(html: &str) -> String {
    html.split('\n')
        .map(|line| line.trim_start_matches(' '))
        .collect()
}

fn warnings(
    settings: &Wechat,
    issue: &Issue,
    fragment: &str,
    pictures: &BTreeMap<RelativePath, &Asset>,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    let title = page::title(issue).chars().count();
    if title > settings.max_title {
        warnings.push(
            Diagnostic::warning(
                "wechat::long-title",
                format!(
                    "the title of `{}` has {title} characters; WeChat takes {}",
                    issue.id, settings.max_title
                ),
            )
            .hint("give the issue a `short-title`"),
        );
    }
    let characters = characters(fragment);
    if characters > MAX_CHARACTERS {
        warnings.push(
            Diagnostic::warning(
                "wechat::too-long",
                format!(
                    "the article `{}` has {characters} characters with its markup; WeChat's \
                     interface for drafts takes {MAX_CHARACTERS}",
                    issue.id
                ),
            )
            .hint("paste it from the preview page, or split the issue in two"),
        );
    }
    for (path, asset) in pictures {
        let length = asset.data.len();
        let limit = if length > MAX_PICTURE {
            "10 MB, the most that WeChat's editor takes"
        } else if length > MAX_UPLOAD {
            "1 MB, the most that WeChat's interface takes within an article"
        } else {
            continue;
        };
        warnings.push(
            Diagnostic::warning(
                "wechat::image-too-large",
                format!("`{path}` has {length} bytes, more than {limit}"),
            )
            .hint("make the picture smaller, or store it as JPEG"),
        );
    }
    warnings
}

/// How long WeChat finds an article. It puts an address of its own in the place of each
/// picture that is written into the page.
fn characters(fragment: &str) -> usize {
    let mut parts = fragment.split("src=\"data:");
    let first = parts.next().map_or(0, |part| part.chars().count());
    let rest: usize = parts
        .map(|part| {
            let after = part.split_once('"').map_or("", |(_, after)| after);
            MMBIZ_URL + after.chars().count()
        })
        .sum();
    first + rest
}

/// About how long the address of a picture at WeChat is, with its attribute.
const MMBIZ_URL: usize = 150;

#[cfg(test)]
mod tests;

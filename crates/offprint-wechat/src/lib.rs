//! Articles for WeChat: HTML that its editor keeps, in a page to look at and copy from.
//!
//! The editor keeps inline styles and little else, lets no link out of WeChat and knows no
//! identifiers; phones show a column of 335 pixels. An article is therefore written for it
//! from the start, and [`preflight`] says of any HTML what would be lost.

mod article;
mod css;
pub mod dark;
mod formula;
mod found;
mod fragment;
mod html;
mod letter;
mod page;
mod pictures;
pub mod preflight;
mod references;
mod settings;
mod split;
mod templates;
mod theme;
mod tokens;
mod typography;

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Environment;
use offprint_core::check::Rule;
use offprint_core::text::for_each_image;
use offprint_core::words::Words;
use offprint_core::{
    Artifact, Asset, Context, Diagnostic, Edition, Export, ExportError, Exported, Files, Issue,
    RelativePath, Scope, Series, Text,
};

use formula::{Detail, Formulas, Tools};
use fragment::Writer;
use page::{Look, Preview};
use pictures::Pictures;
use preflight::Finding;
use references::{Reference, References};
use split::Press;
use theme::{Setting, Styles};
use typography::Typography;

pub use settings::{Account, Part, Past, SourceUrl};
pub use theme::Theme;

/// The rules of settings and pictures; those of articles are [`preflight::NAMED`].
pub const RULES: &[Rule] = &[
    Rule::error("bad-template", "a template cannot be read or filled in"),
    Rule::error("broken-path", "a setting names no file of the project"),
    Rule::error("duplicate-value", "a part of an article is named twice"),
    Rule::error("missing-field", "an earlier issue lacks title or address"),
    Rule::error("missing-name", "an account has no name"),
    Rule::error(
        "missing-value",
        "a list lacks a part that no article can be without",
    ),
    Rule::error("too-long", "the author's name is longer than WeChat takes"),
    Rule::warning("unknown-template", "a template means nothing to articles"),
    Rule::hint(
        "wechat::coarse-formulas",
        "formulas are drawn less finely, for the article is too long otherwise",
    ),
    Rule::hint(
        "wechat::image-converted",
        "a picture is made smaller for WeChat",
    ),
    Rule::warning(
        "wechat::image-too-large",
        "a picture cannot be made as small as the 10 MB that WeChat takes",
    )
    .case_of("image-too-large"),
    Rule::warning(
        "wechat::long-title",
        "a title is longer than WeChat takes; a hint where its editor takes it all the same",
    )
    .case_of("long-title"),
    Rule::warning(
        "wechat::math-fallback",
        "a formula cannot be drawn and is shown as TeX",
    )
    .case_of("math-fallback"),
    Rule::warning("wechat::too-long", "an article is longer than WeChat takes"),
];

/// The most characters, markup included, that WeChat's interface for drafts takes.
const MAX_CHARACTERS: usize = 20_000;
/// The largest cover, and the largest picture that WeChat's editor takes, in bytes.
const MAX_PICTURE: usize = 10 * 1024 * 1024;

/// The WeChat exporter and its settings, `[wechat]` in `offprint.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wechat {
    /// What articles look like.
    pub theme: Theme,
    /// Whether a space is put between Han characters and Latin words or numbers in prose.
    pub spacing: bool,
    /// Whether half-width punctuation between Han characters becomes full-width in prose.
    pub punctuation: bool,
    /// Whether an issue that is too long for WeChat becomes several articles.
    pub split: bool,
    /// How long a title may be, in characters.
    pub max_title: usize,
    /// Who is named as the author of every article, at most 16 characters.
    pub author: Option<String>,
    /// What 阅读原文 leads to.
    pub source_url: SourceUrl,
    /// Who publishes.
    pub account: Option<Account>,
    /// Earlier issues that every article leads to.
    pub past: Vec<Past>,
    /// What every article begins with.
    pub header: Option<Text>,
    /// What every article ends with.
    pub footer: Option<Text>,
    /// The parts of an article in their order; those that are left out are not shown.
    pub blocks: Vec<Part>,
}

impl Default for Wechat {
    fn default() -> Self {
        Self {
            theme: Theme::Plain,
            spacing: true,
            punctuation: true,
            split: true,
            max_title: 64,
            author: None,
            source_url: SourceUrl::Issue,
            account: None,
            past: Vec::new(),
            header: None,
            footer: None,
            blocks: Part::ALL.to_vec(),
        }
    }
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
        let mut images: Vec<&str> = account
            .filter_map(|account| account.qr.as_deref())
            .collect();
        for text in self.header.iter().chain(&self.footer) {
            for_each_image(text, &mut |image| images.push(&image.src));
        }
        images
    }

    fn files(&self) -> Vec<&str> {
        let mut files = vec![templates::FOLDER];
        if let Theme::Own(path) = &self.theme {
            files.push(path);
        }
        files
    }

    fn check_files(&self, files: &Files) -> Vec<Diagnostic> {
        let mut diagnostics = templates::check(files);
        if let Theme::Own(path) = &self.theme
            && let Some(source) = files.get(path)
        {
            diagnostics.extend(tokens::read(source).1);
        }
        diagnostics
    }

    fn export(
        &self,
        context: &Context<'_>,
        edition: &Edition<'_>,
    ) -> Result<Exported, ExportError> {
        let mut exported = Exported::default();
        let tools = Tools::default();
        for issue in edition.issues {
            export_issue(self, context, edition.series, issue, &tools, &mut exported)?;
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
    pub pictures: BTreeMap<String, Asset>,
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
        let environment = templates::environment(context.files)?;
        let pictures = Pictures::new(context.assets);
        let desk = Desk {
            environment: &environment,
            settings: self,
            context,
            pictures: &pictures,
            tools: &Tools::default(),
            series,
        };
        let sheets = sheets(&desk, issue)?;
        Ok(sheets.into_iter().map(|sheet| sheet.article).collect())
    }
}

/// An article, and what it was dressed from.
struct Sheet<'a> {
    /// The article with places for its styles, for other themes.
    undressed: String,
    /// Its references, the first is number 1.
    references: Vec<Reference>,
    /// The formulas that it shows as TeX.
    undrawn: BTreeSet<String>,
    /// How finely its formulas are drawn.
    detail: Detail,
    article: Article<'a>,
}

/// All that articles of a series are written with.
struct Desk<'d, 'a> {
    environment: &'d Environment<'d>,
    settings: &'d Wechat,
    context: &'d Context<'a>,
    pictures: &'d Pictures<'d>,
    tools: &'d Tools,
    series: &'d Series,
}

/// The articles that an issue makes.
fn sheets<'a>(desk: &Desk<'_, 'a>, issue: &Issue) -> Result<Vec<Sheet<'a>>, ExportError> {
    let Desk {
        settings,
        context,
        series,
        ..
    } = *desk;
    let styles = Styles::new(&settings.theme.tokens(context.files), setting(issue));
    let write = |part: &Issue, detail: Detail| -> Result<Sheet<'a>, ExportError> {
        let Undressed {
            html,
            pictures,
            references,
            undrawn,
        } = undressed(desk, part, detail)?;
        let article = Article {
            title: page::title(part).to_owned(),
            author: letter::author(settings, series, issue),
            digest: letter::digest(issue),
            content: theme::dress(&html, &styles),
            source_url: letter::source_url(settings, series, issue),
            pictures,
            cover: cover(context, issue),
        };
        Ok(Sheet {
            undressed: html,
            references,
            undrawn,
            detail,
            article,
        })
    };
    let press = Press {
        write,
        length: |sheet: &Sheet<'_>| preflight::characters(&sheet.article.content),
        limit: MAX_CHARACTERS - 1,
        divides: settings.split,
        threads: context.threads,
    };
    split::parts(issue, &press)
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
    tools: &Tools,
    exported: &mut Exported,
) -> Result<(), ExportError> {
    let environment = templates::environment(context.files)?;
    let small = Pictures::new(context.assets);
    let desk = Desk {
        environment: &environment,
        settings,
        context,
        pictures: &small,
        tools,
        series,
    };
    let sheets = sheets(&desk, issue)?;
    exported.warnings.extend(small.diagnostics());
    exported.warnings.extend(found::undrawn(&sheets));
    let mut pictures: BTreeMap<RelativePath, &Asset> = BTreeMap::new();
    for Sheet { article, .. } in &sheets {
        for asset in article.pictures.values().chain(article.cover) {
            pictures.insert(asset.public_path(&issue.id)?, asset);
        }
    }
    let findings: Vec<Vec<Finding>> = sheets
        .iter()
        .map(|sheet| found::findings(&sheet.article))
        .collect();
    for (number, (sheet, findings)) in (1..).zip(sheets.iter().zip(&findings)) {
        let article = &sheet.article;
        let found = found::diagnose(settings, issue, sheet, findings);
        exported.warnings.extend(found);
        let path = if sheets.len() == 1 {
            format!("{0}/{0}.wechat.html", issue.id)
        } else {
            format!("{0}/{0}.wechat.{number}.html", issue.id)
        };
        let bytes = article.content.clone().into_bytes();
        let mut artifact = Artifact::new(RelativePath::new(path)?, "text/html", bytes);
        artifact.notes = found::notes(sheet);
        exported.artifacts.push(artifact);
    }
    let looks = looks(settings, context, issue);
    let preview = Preview {
        settings,
        series,
        issue,
        sheets: &sheets,
        findings: &findings,
        looks: &looks,
        chosen: looks
            .iter()
            .position(|look| look.name == settings.theme.name())
            .unwrap_or_default(),
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

/// The themes that the preview page offers: those that are built in, and the curator's own.
fn looks(settings: &Wechat, context: &Context<'_>, issue: &Issue) -> Vec<Look> {
    let own = matches!(settings.theme, Theme::Own(_)).then(|| settings.theme.clone());
    let built_in = Theme::BUILT_IN.into_iter().map(|(_, theme)| theme);
    own.into_iter()
        .chain(built_in)
        .map(|theme| Look {
            name: theme.name().to_owned(),
            styles: Styles::new(&theme.tokens(context.files), setting(issue)),
        })
        .collect()
}

/// An article with places for its styles.
struct Undressed {
    html: String,
    /// Its pictures by their addresses in it.
    pictures: BTreeMap<String, Asset>,
    references: Vec<Reference>,
    /// The formulas that it shows as TeX.
    undrawn: BTreeSet<String>,
}

/// An issue as an article without styles.
fn undressed(desk: &Desk<'_, '_>, issue: &Issue, detail: Detail) -> Result<Undressed, ExportError> {
    let Desk {
        settings, series, ..
    } = *desk;
    let styles = Styles::places();
    let mut writer = Writer {
        small: desk.pictures,
        styles: &styles,
        formulas: Formulas {
            tools: desk.tools,
            detail,
        },
        in_words: false,
        undrawn: BTreeSet::new(),
        typography: Typography {
            // Japanese and Korean have customs of their own.
            spacing: settings.spacing && !matches!(issue.lang.primary().as_str(), "ja" | "ko"),
            punctuation: settings.punctuation && issue.lang.is_chinese(),
        },
        base: pictures::base(series, issue),
        words: Words::of(&issue.lang),
        references: References::new(series, issue),
        notes: Vec::new(),
        pictures: BTreeMap::new(),
        out: String::new(),
        indent: 0,
    };
    let article = article::article(settings, series, issue, &styles, &mut writer);
    let html = templates::write(desk.environment, &article, desk.context.files)?;
    Ok(Undressed {
        html: without_line_breaks(&html),
        pictures: writer.pictures,
        references: writer.references.list().to_vec(),
        undrawn: writer.undrawn,
    })
}

/// Removes line breaks with the indentation after them. All of them are the templates':
/// what templates are given holds none.
fn without_line_breaks(html: &str) -> String {
    html.split('\n')
        .map(|line| line.trim_start_matches(' '))
        .collect()
}

#[cfg(test)]
mod tests;

//! An issue as an EPUB 3.3 book.
//!
//! `epub-builder` packs the book ([`Epub::export`]); what it cannot write, or writes
//! wrongly, the finish pass mends (`finish.rs`). Pages come from the templates in
//! `templates/epub/`, bodies of text from `offprint-html`.

mod contents;
mod cover;
mod finish;
mod lettering;
mod metadata;
mod pages;
mod pictures;
#[cfg(test)]
mod samples;
mod templates;

use std::fmt::Display;

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ReferenceType, ZipLibrary};
use offprint_core::diagnostic::Diagnostic;
use offprint_core::export::{
    Artifact, Context, Edition, Export, ExportError, Exported, RelativePath, Scope,
};
use offprint_core::fields::Fields;
use offprint_core::model::{Issue, Series};
use offprint_core::words::{Label, Words};

use crate::finish::Finish;
use crate::pages::{Book, PageKind};
use crate::pictures::Pictures;

/// The media type of a book.
pub const MEDIA_TYPE: &str = "application/epub+zip";

/// What Amazon's "Send to Kindle" takes at the most, in bytes.
const KINDLE_LIMIT: usize = 50 * 1024 * 1024;

const BASE_CSS: &str = include_str!("../../../templates/epub/base.css");
const MODERN_CSS: &str = include_str!("../../../templates/epub/modern.css");

/// The EPUB format: one book an issue, `<issue-id>/<issue-id>.epub`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epub {
    /// What stands on the front.
    pub cover: Cover,
    /// How many of a paper's authors are named before `et al.`
    pub authors: usize,
    /// The most papers on one page of the book; longer sections are split.
    pub papers_per_page: usize,
    /// The most papers that the contents list by title; beyond them they list sections only,
    /// because readers load the contents whole.
    pub papers_in_contents: usize,
}

/// Where a book's cover comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// The issue's picture, else a drawn one.
    Auto,
    /// The issue's picture, else this one: its path from the project's root.
    Picture(String),
    /// Books have none.
    None,
}

impl Default for Epub {
    fn default() -> Self {
        Self {
            cover: Cover::Auto,
            authors: 12,
            papers_per_page: 50,
            papers_in_contents: 300,
        }
    }
}

impl Epub {
    /// Reads the table `[epub]` of `offprint.toml`.
    pub fn read(fields: &mut Fields<'_, '_>) -> Self {
        let cover = match fields.text(&["cover"]) {
            None => Cover::Auto,
            Some(word) if word == "auto" => Cover::Auto,
            Some(word) if word == "none" => Cover::None,
            Some(path) => Cover::Picture(path),
        };
        for key in ["profile", "math", "omnibus"] {
            fields.no_effect(&[key], |_| false, None);
        }
        Self {
            cover,
            ..Self::default()
        }
    }
}

impl Export for Epub {
    fn name(&self) -> &'static str {
        "epub"
    }

    fn scope(&self) -> Scope {
        Scope::Issue
    }

    fn images(&self) -> Vec<&str> {
        match &self.cover {
            Cover::Picture(path) => vec![path],
            Cover::Auto | Cover::None => Vec::new(),
        }
    }

    fn export(
        &self,
        context: &Context<'_>,
        edition: &Edition<'_>,
    ) -> Result<Exported, ExportError> {
        let mut exported = Exported::default();
        for issue in edition.issues {
            let pictures = Pictures::new(context.assets);
            let book = pages::book(self, edition.series, issue, &pictures)?;
            let data = pack(edition.series, issue, &book, &pictures)?;
            let path = RelativePath::new(format!("{0}/{0}.epub", issue.id))?;
            exported.warnings.extend(pictures.warnings());
            exported.warnings.extend(book.warnings);
            if data.len() > KINDLE_LIMIT {
                exported.warnings.push(too_large(&path, data.len()));
            }
            exported
                .artifacts
                .push(Artifact::new(path, MEDIA_TYPE, data));
        }
        Ok(exported)
    }
}

fn too_large(path: &RelativePath, bytes: usize) -> Diagnostic {
    let megabytes = bytes / (1024 * 1024);
    Diagnostic::warning(
        "epub::too-large",
        format!("{path} has {megabytes} MB; Send to Kindle takes 50 MB at the most"),
    )
    .hint("scale its pictures down")
}

/// Packs the pages with `epub-builder` and finishes the result.
fn pack(
    series: &Series,
    issue: &Issue,
    book: &Book,
    pictures: &Pictures<'_>,
) -> Result<Vec<u8>, ExportError> {
    let environment = templates::environment().map_err(internal)?;
    let words = Words::of(&issue.lang);
    let mut builder = EpubBuilder::new(ZipLibrary::new().map_err(internal)?).map_err(internal)?;
    builder.epub_version(EpubVersion::V33);
    builder.set_title(issue.title.as_str());
    builder.set_uuid(metadata::uuid(series, issue));
    builder.set_toc_name(words.label(Label::Contents));
    if issue.lang.is_rtl() {
        // `epub_direction` has no effect; the metadata's key has.
        builder.metadata("direction", "rtl").map_err(internal)?;
    }
    builder.stylesheet(BASE_CSS.as_bytes()).map_err(internal)?;
    builder
        .add_resource("modern.css", MODERN_CSS.as_bytes(), "text/css")
        .map_err(internal)?;
    if let Some(cover) = &book.cover {
        builder
            .add_cover_image(&cover.file, cover.data.as_ref(), cover.media_type)
            .map_err(internal)?;
    }
    for (file, asset) in pictures.used() {
        if book.cover.as_ref().is_none_or(|cover| cover.file != file) {
            builder
                .add_resource(&file, asset.data.as_ref(), asset.encoding.media_type())
                .map_err(internal)?;
        }
    }
    for page in &book.pages {
        let mut content =
            EpubContent::new(page.file.as_str(), page.xhtml.as_bytes()).title(page.title.as_str());
        if let Some(reference) = reference(page.kind) {
            content = content.reftype(reference);
        }
        builder.add_content(content).map_err(internal)?;
    }
    let mut packed = Vec::new();
    builder.generate(&mut packed).map_err(internal)?;

    let finish = Finish {
        lang: issue.lang.as_str(),
        rtl: issue.lang.is_rtl(),
        metadata: &metadata::metadata(&environment, series, issue, book, pictures)
            .map_err(internal)?,
        nav: &contents::nav(&environment, issue, book).map_err(internal)?,
        ncx: &contents::ncx(&environment, series, issue, book).map_err(internal)?,
        contents_follow: pages::TITLE_FILE,
    };
    finish::finish(&packed, &finish).map_err(internal)
}

/// What the EPUB 2 guide, which Kindle still reads, calls a page.
fn reference(kind: PageKind) -> Option<ReferenceType> {
    match kind {
        PageKind::Cover => Some(ReferenceType::Cover),
        PageKind::Title => Some(ReferenceType::TitlePage),
        PageKind::Start => Some(ReferenceType::Text),
        PageKind::Body => None,
        PageKind::Back => Some(ReferenceType::Colophon),
    }
}

fn internal(error: impl Display) -> ExportError {
    ExportError::Internal(format!("the book could not be made: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use offprint_core::asset::Assets;
    use zip::ZipArchive;

    use super::*;

    fn export(issue: &Issue, assets: &Assets) -> Vec<u8> {
        export_with(&Epub::default(), issue, assets)
    }

    fn export_with(epub: &Epub, issue: &Issue, assets: &Assets) -> Vec<u8> {
        let context = Context {
            assets,
            fonts: &offprint_core::Fonts::new(),
            published: &[],
            attachments: &[],
            threads: 1,
        };
        let series = samples::series();
        let edition = Edition {
            series: &series,
            issues: &[issue],
        };
        let exported = epub.export(&context, &edition).unwrap();
        exported.artifacts.into_iter().next().unwrap().data
    }

    /// The book's files by name.
    fn files(book: &[u8]) -> Vec<(String, String)> {
        let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut entry = archive.by_index(index).unwrap();
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                let text = String::from_utf8_lossy(&bytes).into_owned();
                (entry.name().to_owned(), text)
            })
            .collect()
    }

    fn file(book: &[u8], name: &str) -> String {
        let files = files(book);
        let found = files.iter().find(|(file, _)| file == name);
        found
            .unwrap_or_else(|| panic!("no {name} in {files:?}"))
            .1
            .clone()
    }

    #[test]
    fn equal_issues_give_equal_bytes() {
        let (issue, assets) = samples::everything("zh-CN");
        assert_eq!(export(&issue, &assets), export(&issue, &assets));
    }

    #[test]
    fn the_media_type_comes_first_and_is_not_compressed() {
        let book = export(&samples::bare(), &Assets::default());
        assert_eq!(book.get(30..58), Some(&b"mimetypeapplication/epub+zip"[..]));
    }

    #[test]
    fn footnotes_stand_on_each_page_that_refers_to_them_and_are_given_out_once() {
        let (issue, assets) = samples::everything("zh-CN");
        let page = file(&export(&issue, &assets), "OEBPS/a.xhtml");
        for number in 1..=3 {
            let note = format!("<aside id=\"fn-{number}\"");
            let mark = format!("id=\"fnref-{number}\"");
            assert_eq!(page.matches(&note).count(), 1, "{note}");
            assert_eq!(page.matches(&mark).count(), 1, "{mark}");
        }
    }

    #[test]
    fn sections_whose_names_differ_in_case_get_files_of_their_own() {
        let (issue, assets) = samples::everything("en");
        let names: Vec<String> = files(&export(&issue, &assets))
            .into_iter()
            .map(|file| file.0)
            .collect();
        for name in ["OEBPS/a.xhtml", "OEBPS/a-2.xhtml", "OEBPS/section.xhtml"] {
            assert!(
                names.iter().any(|other| other == name),
                "{name} in {names:?}"
            );
        }
    }

    #[test]
    fn long_sections_are_split_and_the_contents_find_every_page() {
        let book = export(&samples::long(120, 120), &Assets::default());
        let nav = file(&book, "OEBPS/nav.xhtml");
        for href in [
            "section-1.xhtml#p--x49",
            "section-1.2.xhtml#p--x50",
            "section-1.3.xhtml#p--x119",
        ] {
            assert!(nav.contains(&format!("href=\"{href}\"")), "{href} in {nav}");
        }
        let last = file(&book, "OEBPS/section-1.3.xhtml");
        assert!(last.contains("id=\"p--x119\"") && last.contains("第 1 节 · 3/3"));
    }

    #[test]
    fn contents_of_very_many_papers_list_sections_only() {
        let few = export(&samples::long(300, 100), &Assets::default());
        let many = export(&samples::long(301, 100), &Assets::default());
        assert!(file(&few, "OEBPS/toc.ncx").contains("#p--x299"));
        assert!(!file(&many, "OEBPS/toc.ncx").contains("#p-"));
        assert!(file(&many, "OEBPS/nav.xhtml").contains("section-4.xhtml"));
    }

    #[test]
    fn an_empty_issue_has_contents_nonetheless() {
        let book = export(&samples::bare(), &Assets::default());
        assert!(file(&book, "OEBPS/nav.xhtml").contains("<li><a href=\"title.xhtml\">"));
    }

    #[test]
    fn a_book_without_a_picture_gets_a_drawn_cover_and_one_with_a_picture_keeps_it() {
        let drawn = export(&samples::bare(), &Assets::default());
        let opf = file(&drawn, "OEBPS/content.opf");
        assert!(opf.contains(
            "<item media-type=\"image/png\" properties=\"cover-image\" id=\"cover-image\" href=\"cover.png\"/>"
        ));
        let (issue, assets) = samples::everything("en");
        let given = export(&issue, &assets);
        let opf = file(&given, "OEBPS/content.opf");
        assert!(opf.contains("id=\"cover-image\" href=\"images/cover.png\"/>"));
        assert_eq!(opf.matches("images/cover.png").count(), 1);
        assert!(file(&given, "OEBPS/cover.xhtml").contains("src=\"images/cover.png\""));
    }

    #[test]
    fn the_series_picture_stands_in_for_the_issues() {
        let epub = Epub {
            cover: Cover::Picture("images/small.jpg".to_owned()),
            ..Epub::default()
        };
        assert_eq!(epub.images(), ["images/small.jpg"]);
        let (_, assets) = samples::everything("en");
        let book = export_with(&epub, &samples::bare(), &assets);
        let opf = file(&book, "OEBPS/content.opf");
        assert!(opf.contains("id=\"cover-image\" href=\"images/small.jpg\"/>"));
    }

    #[test]
    fn a_book_without_a_cover_begins_with_its_title() {
        let epub = Epub {
            cover: Cover::None,
            ..Epub::default()
        };
        let (issue, assets) = samples::everything("en");
        let book = export_with(&epub, &issue, &assets);
        let opf = file(&book, "OEBPS/content.opf");
        assert!(!opf.contains("cover-image") && !opf.contains("cover.xhtml"));
        let (_, spine) = opf.split_once("<spine").unwrap();
        let (_, first) = spine.split_once("<itemref idref=").unwrap();
        assert!(first.starts_with("\"id_title.xhtml\""));
    }

    #[test]
    fn hostile_words_stay_words() {
        let (issue, assets) = samples::everything("en");
        for (name, text) in files(&export(&issue, &assets)) {
            assert!(!text.contains("<script"), "{name}");
            assert!(!text.contains("]]> <") && !text.contains("& <"), "{name}");
        }
    }

    #[test]
    fn display_formulas_stand_apart_and_keep_their_place_among_the_blocks() {
        let (issue, assets) = samples::everything("zh-CN");
        let page = file(&export(&issue, &assets), "OEBPS/introduction.xhtml");
        let formula = "<p class=\"math\"><code>\\mathcal{L} = \\sum_{i&lt;n} \\ell_i &amp; x</code></p>\n<figure>";
        assert!(page.contains(formula), "{page}");
    }

    #[test]
    fn western_prose_in_a_chinese_book_is_set_as_such() {
        let mut issue = samples::long(2, 2);
        let papers = &mut issue.sections[0].papers;
        papers[0].commentary = vec![samples::paragraph("All of it in English.")];
        let page = file(&export(&issue, &Assets::default()), "OEBPS/section-1.xhtml");
        assert!(page.contains("<div class=\"latin\">\n<p>All of it in English.</p>"));
        assert_eq!(page.matches("class=\"latin\"").count(), 1);
    }

    #[test]
    fn titles_tell_their_language() {
        let (issue, assets) = samples::everything("zh-CN");
        let book = export(&issue, &assets);
        let page = file(&book, "OEBPS/a.xhtml");
        assert!(
            page.contains("<span lang=\"ar\" xml:lang=\"ar\" dir=\"rtl\">مرحبا بالعالم</span>")
        );
        let nav = file(&book, "OEBPS/nav.xhtml");
        assert!(nav.contains("lang=\"ar\" xml:lang=\"ar\">مرحبا بالعالم</a>"));
    }

    #[test]
    fn a_picture_that_is_not_there_is_reported_and_described() {
        let (issue, _) = samples::everything("en");
        let assets = Assets::default();
        let context = Context {
            assets: &assets,
            fonts: &offprint_core::Fonts::new(),
            published: &[],
            attachments: &[],
            threads: 1,
        };
        let series = samples::series();
        let edition = Edition {
            series: &series,
            issues: &[&issue],
        };
        let exported = Epub::default().export(&context, &edition).unwrap();
        let codes: Vec<&str> = exported
            .warnings
            .iter()
            .map(|warning| warning.code)
            .collect();
        assert_eq!(codes, ["epub::missing-picture"; 2]);
        let page = file(&exported.artifacts.first().unwrap().data, "OEBPS/a.xhtml");
        assert!(page.contains("Alternative of &quot;images/small.jpg&quot; &amp; more"));
    }
}

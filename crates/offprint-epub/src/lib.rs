//! An issue as an EPUB 3.3 book.
//!
//! `epub-builder` packs the book ([`Epub::export`]); what it cannot write, or writes
//! wrongly, the finish pass mends (`finish.rs`). Pages come from the templates in
//! `templates/epub/`, bodies of text from `offprint-html`.

mod back;
mod citations;
mod contents;
mod cover;
mod finish;
mod formulas;
mod front;
mod index;
mod kindle;
mod lettering;
mod metadata;
mod pack;
mod pages;
mod paper;
mod pictures;
mod prose;
#[cfg(test)]
mod samples;
mod templates;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Display;

use offprint_core::check::Rule;
use offprint_core::diagnostic::Diagnostic;
use offprint_core::export::{
    Artifact, Context, Edition, Export, ExportError, Exported, RelativePath, Scope,
};
use offprint_core::fields::Fields;
use offprint_math::Typesetter;

use crate::formulas::Formulas;
use crate::pages::Making;
use crate::pictures::Pictures;

/// The media type of a book.
pub const MEDIA_TYPE: &str = "application/epub+zip";

/// The rules that books are judged by.
pub const RULES: &[Rule] = &[
    Rule::warning(
        "epub::kindle-language",
        "Kindle has no books in the issue's language",
    ),
    Rule::warning(
        "epub::kindle-table",
        "a table has more columns than Kindle sets",
    ),
    Rule::warning(
        "epub::math-fallback",
        "a formula can neither be written as MathML nor drawn, and is shown as TeX",
    )
    .case_of("math-fallback"),
    Rule::warning(
        "epub::missing-glyph",
        "the drawn cover has a character that no embedded font has",
    )
    .case_of("missing-glyph"),
    Rule::warning("epub::missing-picture", "a picture of a book is not there"),
    Rule::warning("epub::small-cover", "a cover is smaller than Kindle takes"),
    Rule::warning(
        "epub::too-large",
        "a book has more than the 50 MB that Send to Kindle takes",
    )
    .case_of("image-too-large"),
];

/// What Amazon's "Send to Kindle" takes at the most, in bytes.
const KINDLE_LIMIT: usize = 50 * 1024 * 1024;

/// The EPUB format: one book an issue, `<issue-id>/<issue-id>.epub`; where both profiles
/// are wanted, Kindle's is `<issue-id>/<issue-id>.kindle.epub`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epub {
    /// For whom books are made, each once.
    pub profiles: Vec<Profile>,
    /// What stands on the front.
    pub cover: Cover,
    /// How many of a paper's authors are named before `et al.`
    pub authors: usize,
    /// The most papers on one page of the book; longer sections are split.
    pub papers_per_page: usize,
    /// The most papers that the contents list by title; beyond them they list sections only,
    /// because readers load the contents whole.
    pub papers_in_contents: usize,
    /// Whether the book ends with how to cite its papers.
    pub citations: bool,
    /// Which books of several issues are made beside those of single ones. It is for the
    /// caller to [bind](offprint_core::book::bind) and to export them.
    pub omnibus: Vec<Omnibus>,
}

/// Which issues make a book together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Omnibus {
    /// Those of a year.
    Year,
}

/// For whom a book is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// For readers of EPUB 3: abstracts fold, a page shows the cover, newer CSS is there for
    /// those who know it.
    Epub3,
    /// For Amazon's converters (Kindle Publishing Guidelines): the cover is a JPEG without a
    /// page of its own, nothing folds, and there is one plain style sheet.
    Kindle,
}

impl Profile {
    /// A document as its readers take it.
    fn document(self, xml: &str) -> Cow<'_, str> {
        match self {
            Self::Epub3 => Cow::Borrowed(xml),
            Self::Kindle => kindle::plain_text(xml),
        }
    }
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
            profiles: vec![Profile::Epub3],
            cover: Cover::Auto,
            authors: 12,
            papers_per_page: 50,
            papers_in_contents: 300,
            citations: true,
            omnibus: Vec::new(),
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
        let mut profiles = fields.choices(
            &["profile"],
            // The last two are names of the format's first drafts.
            &[
                ("epub3", Profile::Epub3),
                ("kindle", Profile::Kindle),
                ("kindle-safe", Profile::Kindle),
                ("eink-small", Profile::Epub3),
            ],
        );
        profiles.sort_unstable();
        profiles.dedup();
        fields.no_effect(&["math"], |_| false, None);
        let mut omnibus = fields.choices(&["omnibus"], &[("year", Omnibus::Year)]);
        omnibus.dedup();
        let default = Self::default();
        let citations = fields.boolean(&["citations"]);
        Self {
            citations: citations.unwrap_or(default.citations),
            profiles: if profiles.is_empty() {
                default.profiles
            } else {
                profiles
            },
            cover,
            omnibus,
            ..default
        }
    }

    /// Where a book goes. One book has the plain name, which links and feeds know; of two,
    /// Kindle's tells that it is Kindle's.
    fn path(&self, profile: Profile, id: &str) -> String {
        if profile == Profile::Kindle && self.profiles.contains(&Profile::Epub3) {
            format!("{id}/{id}.kindle.epub")
        } else {
            format!("{id}/{id}.epub")
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

    fn binds_years(&self) -> bool {
        self.omnibus.contains(&Omnibus::Year)
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
        // Profiles and issues share what is laid out.
        let typesetter = Typesetter::default();
        for issue in edition.issues {
            let environment = templates::environment().map_err(internal)?;
            for &profile in &self.profiles {
                let pictures = Pictures::new(context.assets, profile);
                let formulas = Formulas::new(&typesetter, profile, issue.lang.is_rtl());
                let making = Making::new(
                    self,
                    profile,
                    edition.series,
                    issue,
                    &pictures,
                    &formulas,
                    &environment,
                );
                let data = pack::pack(&making, context.threads, &mut exported.warnings)?;
                let path = RelativePath::new(self.path(profile, &issue.id))?;
                exported.warnings.extend(pictures.warnings());
                exported.warnings.extend(formulas.warnings());
                if data.len() > KINDLE_LIMIT {
                    exported.warnings.push(too_large(&path, data.len()));
                }
                exported
                    .artifacts
                    .push(Artifact::new(path, MEDIA_TYPE, data));
            }
        }
        // What both profiles lose is lost once.
        let mut seen = BTreeSet::new();
        exported
            .warnings
            .retain(|warning| seen.insert((warning.code, warning.message.clone())));
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

fn internal(error: impl Display) -> ExportError {
    ExportError::Internal(format!("the book could not be made: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use offprint_core::Fonts;
    use offprint_core::asset::Assets;
    use offprint_core::model::Issue;
    use offprint_core::text::{Block, Inline};
    use zip::ZipArchive;

    use super::*;

    fn export(issue: &Issue, assets: &Assets) -> Vec<u8> {
        export_with(&Epub::default(), issue, assets)
    }

    fn export_with(epub: &Epub, issue: &Issue, assets: &Assets) -> Vec<u8> {
        let exported = exported(epub, issue, assets);
        exported.artifacts.into_iter().next().unwrap().data
    }

    fn exported(epub: &Epub, issue: &Issue, assets: &Assets) -> Exported {
        let context = Context {
            assets,
            fonts: &Fonts::new(),
            published: &[],
            files: &offprint_core::Files::new(),
            attachments: &[],
            threads: 1,
        };
        let series = samples::series();
        let edition = Edition {
            series: &series,
            issues: &[issue],
        };
        epub.export(&context, &edition).unwrap()
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
    fn where_the_contents_leave_papers_out_pages_list_them() {
        let book = export(&samples::long(310, 155), &Assets::default());
        let nav = file(&book, "OEBPS/nav.xhtml");
        assert!(
            nav.contains("<a href=\"section-1.2.xhtml#papers\">第 51–100 篇</a>"),
            "{nav}"
        );
        assert!(nav.contains("<a href=\"section-2.4.xhtml#papers\">第 151–155 篇</a>"));
        let page = file(&book, "OEBPS/section-1.2.xhtml");
        assert_eq!(page.matches("<li><a href=\"#p--x").count(), 50);
        let short = export(&samples::long(300, 150), &Assets::default());
        assert!(!file(&short, "OEBPS/section-1.xhtml").contains("<li><a href=\"#p-"));
    }

    #[test]
    fn long_books_have_an_index_that_leads_to_the_papers() {
        let mut issue = samples::long(31, 16);
        issue.sections[1].papers[14].authors = vec!["Carol O. Last".to_owned()];
        issue.sections[1].papers[14].tags = vec!["表示学习".to_owned()];
        let book = export(&issue, &Assets::default());
        let index = file(&book, "OEBPS/index.xhtml");
        let last = "href=\"section-2.xhtml#p--x30\" lang=\"en\" xml:lang=\"en\">A Rather Long";
        assert_eq!(index.matches(last).count(), 2, "{index}");
        assert!(index.contains("<li>Last, Carol O.\n<ul>"), "{index}");
        assert!(
            index.contains("<h2 id=\"tags\">标签</h2>\n<h3>B</h3>"),
            "{index}"
        );
        let nav = file(&book, "OEBPS/nav.xhtml");
        assert!(nav.contains("<a epub:type=\"index\" href=\"index.xhtml\">索引</a>"));
        assert!(nav.contains("<a href=\"index.xhtml#tags\">标签</a>"));

        let short = export(&samples::long(30, 30), &Assets::default());
        assert!(!file(&short, "OEBPS/nav.xhtml").contains("索引"));
    }

    #[test]
    fn a_long_book_without_names_has_no_index() {
        let mut issue = samples::long(31, 31);
        for paper in &mut issue.sections[0].papers {
            paper.authors = vec!["et al.".to_owned()];
        }
        let nav = file(&export(&issue, &Assets::default()), "OEBPS/nav.xhtml");
        assert!(!nav.contains("索引"), "{nav}");
    }

    /// The entries of the contents, each with how deep it lies, in the order of its list.
    fn contents(nav: &str) -> Vec<(usize, &str)> {
        let (_, toc) = nav.split_once("<nav ").unwrap();
        let (toc, _) = toc.split_once("</nav>").unwrap();
        let mut depth = 0;
        let mut entries = Vec::new();
        for line in toc.lines() {
            depth += line.matches("<ol>").count();
            if let Some((_, rest)) = line.split_once(" href=\"") {
                entries.push((depth, rest.split_once('"').unwrap().0));
            }
            depth -= line.matches("</ol>").count();
        }
        entries
    }

    #[test]
    fn the_contents_of_a_book_lead_from_issue_to_section_to_paper() {
        let (book, assets) = samples::book("zh-CN");
        let epub = export(&book, &assets);
        let nav = file(&epub, "OEBPS/nav.xhtml");
        let entries = contents(&nav);
        for entry in [
            (1, "plain.xhtml"),
            // What stands in no section stands below its issue.
            (2, "plain.xhtml#p-plain--x5"),
            (2, "plain-section-2.xhtml"),
            (3, "plain-section-2.xhtml#p-plain--x11"),
            (1, "everything-zh-cn.xhtml"),
            (2, "everything-zh-cn-a.xhtml"),
            (1, "plain-2.xhtml"),
            (1, "index.xhtml"),
            (2, "index.xhtml#papers"),
            (1, "about.xhtml"),
        ] {
            assert!(entries.contains(&entry), "{entry:?} in {entries:?}");
        }
        let ncx = file(&epub, "OEBPS/toc.ncx");
        assert!(ncx.contains("<meta name=\"dtb:depth\" content=\"3\"/>"));
        assert_eq!(ncx.matches("<navPoint").count(), entries.len());
        let last = format!("playOrder=\"{}\"", entries.len());
        assert_eq!(ncx.matches(&last).count(), 1, "{ncx}");

        let kindle = Epub {
            profiles: vec![Profile::Kindle],
            ..Epub::default()
        };
        let kindle = export_with(&kindle, &book, &assets);
        let nav = file(&kindle, "OEBPS/nav.xhtml");
        assert_eq!(contents(&nav).iter().map(|entry| entry.0).max(), Some(2));
        let ncx = file(&kindle, "OEBPS/toc.ncx");
        assert!(ncx.contains("<meta name=\"dtb:depth\" content=\"2\"/>"));
    }

    #[test]
    fn contents_of_a_book_of_very_many_papers_list_its_sections() {
        let (one, two) = (samples::long(200, 100), samples::long(200, 100));
        let span = offprint_core::book::Span::year(2020).unwrap();
        let issues = [&one, &two];
        let book = offprint_core::book::bind(&samples::series(), &issues, span).unwrap();
        let epub = export(&book, &Assets::default());
        let nav = file(&epub, "OEBPS/nav.xhtml");
        let entries = contents(&nav);
        assert!(entries.contains(&(2, "one-section-2.xhtml")), "{entries:?}");
        assert!(entries.contains(&(3, "one-section-2.2.xhtml#papers")));
        assert!(!nav.contains("#p-"));
    }

    #[test]
    fn headings_of_a_book_step_down_from_issue_to_section_to_paper() {
        let (book, assets) = samples::book("en");
        let epub = export(&book, &assets);
        let part = file(&epub, "OEBPS/plain.xhtml");
        for found in [
            "<section epub:type=\"part\" role=\"doc-part\" aria-labelledby=\"title\">",
            "<h1 id=\"title\">自监督学习选读</h1>",
            "<p class=\"facts\">No. 7 · 2 November 2020 · 林舟</p>",
            "<h2 id=\"p-plain--x0-title\">",
        ] {
            assert!(part.contains(found), "{found} in {part}");
        }
        let section = file(&epub, "OEBPS/plain-section-2.xhtml");
        for found in [
            "<h2 id=\"title\">第 2 节</h2>",
            "<h3 id=\"p-plain--x6-title\">",
            "<h2>About this issue</h2>\n<p><strong>Declaration: </strong>声明</p>",
        ] {
            assert!(section.contains(found), "{found} in {section}");
        }
        for (name, text) in files(&epub) {
            let mut above = 0;
            for (at, _) in text.match_indices("<h") {
                let level = text.as_bytes().get(at + 2).copied().unwrap_or_default();
                if level.is_ascii_digit() {
                    let level = level - b'0';
                    let is_first = above == 0;
                    assert!(
                        is_first && level <= 2 || level <= above + 1,
                        "{name}: {text}"
                    );
                    above = level;
                }
            }
        }
    }

    #[test]
    fn footnotes_of_a_book_keep_to_their_issues() {
        let (book, assets) = samples::book("zh-CN");
        let epub = export(&book, &assets);
        let one = file(&epub, "OEBPS/plain.xhtml");
        assert!(one.contains("<aside id=\"fn-1\"") && !one.contains("<aside id=\"fn-2\""));
        let two = file(&epub, "OEBPS/everything-zh-cn-a.xhtml");
        for number in 2..=4 {
            let note = format!("<aside id=\"fn-{number}\"");
            assert_eq!(two.matches(&note).count(), 1, "{note}");
        }
        assert!(!two.contains("fn-1\""));
    }

    #[test]
    fn the_index_of_a_book_lists_titles_and_the_issues_of_those_that_came_twice() {
        let mut one = samples::long(2, 2);
        one.sections[0].papers[0].title = vec![samples::text("The Bitter & the Sweet")];
        let mut two = one.clone();
        two.id = "two".to_owned();
        two.title = "另一期".to_owned();
        two.sections[0].papers.truncate(1);
        let span = offprint_core::book::Span::year(2020).unwrap();
        let issues = [&one, &two];
        let book = offprint_core::book::bind(&samples::series(), &issues, span).unwrap();
        let index = file(&export(&book, &Assets::default()), "OEBPS/index.xhtml");
        let papers = "<h2 id=\"papers\">论文</h2>\n<h3>B</h3>\n<ul class=\"names\">\n\
            <li><span lang=\"en\" xml:lang=\"en\">The Bitter &amp; the Sweet</span>\n<ul>\n\
            <li><a href=\"one-section-1.xhtml#p-one--x0\">自监督学习选读</a></li>\n\
            <li><a href=\"two-section-1.xhtml#p-two--x0\">另一期</a></li>\n</ul></li>\n</ul>\n\
            <h3>R</h3>\n<ul class=\"names\">\n\
            <li><a href=\"one-section-1.xhtml#p-one--x1\" lang=\"en\" xml:lang=\"en\">A Rather Long";
        assert!(index.contains(papers), "{index}");
        assert!(index.contains("<h2 id=\"authors\">作者</h2>"));
    }

    #[test]
    fn a_book_is_of_its_series_without_a_number_in_it() {
        let (book, assets) = samples::book("zh-CN");
        let opf = file(&export(&book, &assets), "OEBPS/content.opf");
        assert!(opf.contains("<dc:title id=\"title\">论文抽印本 2020 年合订本</dc:title>"));
        assert!(opf.contains("property=\"collection-type\">set</meta>"));
        assert!(!opf.contains("group-position") && !opf.contains("calibre:series"));
        let title = file(&export(&book, &assets), "OEBPS/title.xhtml");
        assert!(!title.contains("class=\"imprint\""));
        let uuid = metadata::uuid(&samples::series(), &book).to_string();
        assert!(opf.contains(&uuid) && uuid.contains("-5"), "{uuid}");
    }

    #[test]
    fn no_page_is_longer_than_readers_load_with_its_notes_and_long_papers() {
        let mut issue = samples::long(40, 40);
        let papers = &mut issue.sections[0].papers;
        // Characters that take five bytes when they are escaped.
        papers[3].commentary = vec![samples::paragraph(&"&".repeat(30_000)); 3];
        papers[3].abstract_text = vec![samples::paragraph(&"<".repeat(20_000)); 2];
        for (paper, number) in papers.iter_mut().zip(1..) {
            paper
                .commentary
                .push(Block::Paragraph(vec![Inline::FootnoteRef(number)]));
        }
        issue.footnotes = (0..40)
            .map(|_| offprint_core::text::Footnote {
                label: "n".to_owned(),
                content: vec![samples::paragraph(&"注".repeat(8_000))],
            })
            .collect();
        let book = export(&issue, &Assets::default());
        let (mut ampersands, mut notes) = (0, 0);
        for (name, text) in files(&book) {
            assert!(text.len() <= 260_000, "{name} has {} bytes", text.len());
            ampersands += text.matches("&amp;").count();
            notes += text.matches("<aside").count();
        }
        assert!(ampersands > 90_000);
        assert_eq!(notes, 40);
    }

    #[test]
    fn an_index_of_very_many_papers_is_split_between_names_and_within_them() {
        let mut issue = samples::long(2_000, 500);
        for section in &mut issue.sections {
            for paper in &mut section.papers {
                paper.tags = vec!["表示学习".to_owned()];
            }
        }
        let book = export(&issue, &Assets::default());
        let (mut pages, mut links) = (0, 0);
        for (name, text) in files(&book) {
            assert!(text.len() < 260_000, "{name} has {} bytes", text.len());
            if name.starts_with("OEBPS/index") {
                pages += 1;
                links += text.matches("<li><a href=\"section-").count();
            }
        }
        assert!(pages > 1, "{pages}");
        // Two authors and a tag each.
        assert_eq!(links, 6_000);
    }

    #[test]
    fn pages_of_long_books_lead_to_each_other_in_reading_order() {
        let mut issue = samples::long(120, 60);
        issue.tags = samples::everything("en").0.tags;
        let book = export(&issue, &Assets::default());
        let order = [
            "section-1.xhtml",
            "section-1.2.xhtml",
            "section-2.xhtml",
            "section-2.2.xhtml",
            "citations.xhtml",
            "index.xhtml",
            "about.xhtml",
        ];
        for (number, name) in order.iter().enumerate() {
            let page = file(&book, &format!("OEBPS/{name}"));
            let links = |rel: &str| {
                let rest = page
                    .split_once(&format!("\" rel=\"{rel}\""))
                    .map(|(before, _)| before);
                rest.and_then(|before| before.rsplit('"').next())
            };
            let before = number.checked_sub(1).map(|number| order[number]);
            assert_eq!(links("prev"), before, "{name}");
            assert_eq!(links("next"), order.get(number + 1).copied(), "{name}");
            assert_eq!(page.matches("href=\"nav.xhtml\"").count(), 1);
        }
        let short = export(&samples::long(30, 10), &Assets::default());
        assert!(!file(&short, "OEBPS/section-2.xhtml").contains("rel=\"next\""));
    }

    #[test]
    fn papers_and_their_references_lead_to_each_other() {
        let issue = samples::long(3, 3);
        let book = export(&issue, &Assets::default());
        let (papers, references) = (
            file(&book, "OEBPS/section-1.xhtml"),
            file(&book, "OEBPS/citations.xhtml"),
        );
        for paper in issue.papers() {
            let id = &paper.id;
            assert!(papers.contains(&format!("<a href=\"citations.xhtml#c-{id}\">引用</a>")));
            assert!(references.contains(&format!("id=\"c-{id}\"")));
            assert!(references.contains(&format!("href=\"section-1.xhtml#p-{id}\"")));
        }
        for code in ["<summary>BibTeX</summary>", "<summary>CSL-JSON</summary>"] {
            assert_eq!(references.matches(code).count(), 3, "{references}");
        }
        let nav = file(&book, "OEBPS/nav.xhtml");
        assert!(
            nav.contains("<a href=\"citations.xhtml\">引用格式</a>"),
            "{nav}"
        );
    }

    #[test]
    fn references_of_very_many_papers_are_split_and_every_link_arrives() {
        let issue = samples::long(2_000, 100);
        let book = export(&issue, &Assets::default());
        let names: Vec<String> = files(&book).into_iter().map(|(name, _)| name).collect();
        let second = file(&book, "OEBPS/citations.2.xhtml");
        // Nobody looks through the code of so many.
        assert!(!second.contains("BibTeX"));
        let id = &issue.papers().last().unwrap().id;
        let pages: Vec<String> = (1..=9)
            .map(|number| match number {
                1 => "citations.xhtml".to_owned(),
                _ => format!("citations.{number}.xhtml"),
            })
            .filter(|name| names.contains(&format!("OEBPS/{name}")))
            .collect();
        let last = pages.last().unwrap();
        let link = format!("<a href=\"{last}#c-{id}\">");
        assert!(file(&book, "OEBPS/section-20.2.xhtml").contains(&link));
        for page in &pages {
            assert!(file(&book, &format!("OEBPS/{page}")).len() < pages::PAGE_LIMIT + 2_000);
        }
    }

    #[test]
    fn abstracts_fold_where_there_is_something_else_to_read() {
        let mut issue = samples::long(2, 2);
        for paper in &mut issue.sections[0].papers {
            paper.abstract_text = vec![samples::paragraph("We show that.")];
        }
        issue.sections[0].papers[1].commentary.clear();
        let page = file(&export(&issue, &Assets::default()), "OEBPS/section-1.xhtml");
        let folded = "<details class=\"abstract\">\n<summary>摘要</summary>";
        assert_eq!(page.matches(folded).count(), 1, "{page}");
        assert_eq!(
            page.matches("<details class=\"abstract\" open=\"open\">")
                .count(),
            1
        );
    }

    #[test]
    fn marks_between_han_characters_become_full_width_in_prose_alone() {
        let mut issue = samples::long(1, 1);
        let paper = &mut issue.sections[0].papers[0];
        paper.title = vec![samples::text("标题,照原样")];
        paper.commentary = vec![
            samples::paragraph("先看图,再看表。"),
            Block::Paragraph(vec![Inline::Code("甲,乙".to_owned())]),
        ];
        let page = file(&export(&issue, &Assets::default()), "OEBPS/section-1.xhtml");
        for kept in ["标题,照原样", "先看图，再看表", "<code>甲,乙</code>"] {
            assert!(page.contains(kept), "{kept} in {page}");
        }
    }

    #[test]
    fn kindle_gets_its_own_cover_sheet_and_abstracts() {
        let (mut issue, assets) = samples::everything("zh-CN");
        issue.sections[0].papers[0]
            .tldr
            .push(samples::text("a\u{2009}b"));
        let both = Epub {
            profiles: vec![Profile::Epub3, Profile::Kindle],
            ..Epub::default()
        };
        let exported = exported(&both, &issue, &assets);
        let paths: Vec<&str> = exported
            .artifacts
            .iter()
            .map(|it| it.path.as_str())
            .collect();
        let id = &issue.id;
        assert_eq!(
            paths,
            [format!("{id}/{id}.epub"), format!("{id}/{id}.kindle.epub")]
        );

        let [epub3, kindle] = [0, 1].map(|number: usize| &exported.artifacts[number].data);
        let opf = file(kindle, "OEBPS/content.opf");
        assert!(opf.contains(
            "<item media-type=\"image/jpeg\" properties=\"cover-image\" id=\"cover-image\" href=\"cover.jpg\"/>"
        ));
        for gone in ["cover.xhtml", "modern.css"] {
            assert!(!opf.contains(gone), "{gone}");
            assert!(file(epub3, "OEBPS/content.opf").contains(gone), "{gone}");
        }
        let page = file(kindle, "OEBPS/a.xhtml");
        assert!(page.contains("<section class=\"abstract\"") && !page.contains("<details"));
        assert!(page.contains("a b") && !page.contains('\u{2009}'));
        let id_of = |book: &[u8]| {
            let opf = file(book, "OEBPS/content.opf");
            let (_, rest) = opf.split_once("urn:uuid:").unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        assert_eq!(id_of(epub3), id_of(kindle));
        // Both lack the same glyphs, and say so once.
        let mut told = exported.warnings.clone();
        told.dedup();
        assert_eq!(told, exported.warnings);
    }

    #[test]
    fn a_book_for_kindle_alone_has_the_plain_name() {
        let kindle = Epub {
            profiles: vec![Profile::Kindle],
            ..Epub::default()
        };
        let issue = samples::bare();
        let exported = exported(&kindle, &issue, &Assets::default());
        assert_eq!(exported.artifacts[0].path.as_str(), "one/one.epub");
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
    fn books_of_years_are_asked_for_by_name() {
        let read = |text: &str| {
            let source = offprint_core::Source::new("offprint.toml", text);
            let loaded = offprint_core::load::series(&source);
            let series = loaded.value.unwrap();
            let mut found = Vec::new();
            let mut fields = Fields::new(&source, &series.settings["epub"], &mut found);
            let epub = Epub::read(&mut fields);
            fields.finish();
            let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
            (epub.omnibus, codes.concat())
        };
        let head = "[series]\nid = \"a\"\ntitle = \"a\"\n[epub]\n";
        let omnibus = |value: &str| read(&format!("{head}omnibus = {value}\n"));
        assert_eq!(omnibus("[\"year\", \"year\"]").0, [Omnibus::Year]);
        assert_eq!(omnibus("[\"year\"]").1, "");
        let (none, code) = omnibus("[\"month\"]");
        assert_eq!((none.as_slice(), code.as_str()), (&[][..], "unknown-value"));
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
    fn a_title_that_no_font_can_write_leaves_the_book_without_a_cover() {
        let mut issue = samples::bare();
        issue.title = "مرحبا".to_owned();
        let exported = exported(&Epub::default(), &issue, &Assets::default());
        let [warning] = exported.warnings.as_slice() else {
            panic!("{:?}", exported.warnings);
        };
        assert!(
            warning
                .message
                .ends_with("has `م` (U+0645) and 4 other letters of the title"),
            "{}",
            warning.message
        );
        let opf = file(&exported.artifacts[0].data, "OEBPS/content.opf");
        assert!(!opf.contains("cover"), "{opf}");

        // A sign that is missing is no such loss.
        issue.title = "你好 \u{10ffff}".to_owned();
        let book = export(&issue, &Assets::default());
        assert!(file(&book, "OEBPS/content.opf").contains("cover.png"));
    }

    #[test]
    fn facts_keep_their_order_on_pages_that_run_from_right_to_left() {
        let mut issue = samples::bare();
        issue.lang = offprint_core::model::Lang::parse("ar").unwrap();
        let title = file(&export(&issue, &Assets::default()), "OEBPS/title.xhtml");
        let facts = "<bdi>2 November 2020</bdi>&#160;· <bdi>0 papers</bdi>";
        assert!(title.contains(facts), "{title}");
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

    /// An issue that says these formulas, each within a line and on one of its own, and a paper
    /// whose title has one.
    fn with_formulas(lang: &str, formulas: &[&str]) -> Issue {
        let mut issue = samples::long(1, 1);
        issue.lang = offprint_core::model::Lang::parse(lang).unwrap();
        let paper = &mut issue.sections[0].papers[0];
        paper.title = offprint_core::markdown::title("Sorting in $n < m$ steps");
        let formula = |tex: &&str| offprint_core::text::Formula {
            tex: (*tex).to_owned(),
        };
        for tex in formulas {
            let line = vec![samples::text("since "), Inline::Math(formula(tex))];
            let blocks = [Block::Paragraph(line), Block::Math(formula(tex))];
            paper.commentary.extend(blocks);
        }
        issue
    }

    fn kindle() -> Epub {
        Epub {
            profiles: vec![Profile::Kindle],
            ..Epub::default()
        }
    }

    #[test]
    fn formulas_are_mathml_with_a_picture_in_the_package_each_once() {
        let issue = with_formulas("en", &["x_i < y", "x_i < y", "\\alpha"]);
        let book = export(&issue, &Assets::default());
        let page = file(&book, "OEBPS/section-1.xhtml");
        assert!(page.contains("<p>since <math"), "{page}");
        assert!(page.contains("<p class=\"math\"><math"), "{page}");
        // Two of each formula, one of which stands there twice, and that of the title.
        let named: Vec<&str> = page
            .split(" altimg=\"")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('"')?.0))
            .collect();
        assert_eq!(named.len(), 7);
        let distinct: BTreeSet<&str> = named.into_iter().collect();
        assert_eq!(distinct.len(), 5);
        let paths: Vec<String> = files(&book).into_iter().map(|file| file.0).collect();
        let opf = file(&book, "OEBPS/content.opf");
        for name in distinct {
            let path = format!("OEBPS/{name}");
            assert_eq!(paths.iter().filter(|other| **other == path).count(), 1);
            assert_eq!(opf.matches(&format!("href=\"{name}\"")).count(), 1);
            assert!(file(&book, &path).starts_with("<svg xmlns="), "{name}");
        }
        let page = " href=\"section-1.xhtml\" properties=\"mathml\"/>";
        assert_eq!(opf.matches(page).count(), 1, "{opf}");
        for feature in ["MathML", "describedMath"] {
            let told = format!("accessibilityFeature\">{feature}</meta>");
            assert_eq!(opf.matches(&told).count(), 1, "{opf}");
        }
    }

    #[test]
    fn formulas_of_kindles_books_are_pictures_as_large_as_the_text() {
        let issue = with_formulas("en", &["x_i < y", "x_i < y"]);
        let book = export_with(&kindle(), &issue, &Assets::default());
        let page = file(&book, "OEBPS/section-1.xhtml");
        assert!(page.contains("<p>since <img src=\"math/"), "{page}");
        assert!(
            page.contains(".png\" alt=\"x_i &lt; y\" width=\""),
            "{page}"
        );
        assert!(page.contains("em;vertical-align:-0."), "{page}");
        let pictures = |book: &[u8]| {
            let files = files(book);
            let names = files.iter().filter(|(name, _)| name.contains("/math/"));
            names.count()
        };
        // One within lines, one on its own, and that of the title.
        assert_eq!(pictures(&book), 3);
        for (name, text) in files(&book) {
            assert!(!text.contains("<math") && !text.contains("<svg"), "{name}");
        }
        let opf = file(&book, "OEBPS/content.opf");
        assert!(!opf.contains(" properties=\"mathml"), "{opf}");
        assert!(!opf.contains(">MathML<") && opf.contains(">describedMath<"));
    }

    #[test]
    fn a_book_without_formulas_says_nothing_of_any() {
        let book = export(&samples::long(2, 2), &Assets::default());
        let opf = file(&book, "OEBPS/content.opf");
        assert!(!opf.contains("Math") && !opf.contains("mathml") && !opf.contains("公式"));
    }

    #[test]
    fn a_formula_that_nobody_can_show_is_its_source_and_told_once() {
        let issue = with_formulas("en", &["\\frac{a", "\\frac{a"]);
        let both = Epub {
            profiles: vec![Profile::Epub3, Profile::Kindle],
            ..Epub::default()
        };
        let exported = exported(&both, &issue, &Assets::default());
        let [warning] = exported.warnings.as_slice() else {
            panic!("{:?}", exported.warnings)
        };
        assert_eq!(warning.code, "epub::math-fallback");
        assert!(
            warning.message.contains("`\\frac{a`"),
            "{}",
            warning.message
        );
        for book in &exported.artifacts {
            let page = file(&book.data, "OEBPS/section-1.xhtml");
            assert_eq!(page.matches("<code>\\frac{a</code>").count(), 4, "{page}");
        }
    }

    #[test]
    fn formulas_run_from_left_to_right_on_every_page() {
        let issue = with_formulas("ar", &["x"]);
        let page = file(&export(&issue, &Assets::default()), "OEBPS/section-1.xhtml");
        let (all, turned) = (page.matches("<math"), page.matches(" dir=\"ltr\""));
        assert!(all.count() <= turned.count(), "{page}");
    }

    #[test]
    fn titles_show_formulas_and_contents_say_them() {
        let issue = with_formulas("en", &[]);
        let book = export(&issue, &Assets::default());
        for name in ["section-1.xhtml", "citations.xhtml"] {
            let page = file(&book, &format!("OEBPS/{name}"));
            assert!(page.contains("Sorting in <math"), "{page}");
        }
        for name in ["nav.xhtml", "toc.ncx"] {
            let contents = file(&book, &format!("OEBPS/{name}"));
            assert!(
                contents.contains("Sorting in n &lt; m steps<"),
                "{contents}"
            );
        }
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
    fn names_tell_their_language_where_it_is_not_the_books() {
        let mut issue = samples::long(1, 1);
        issue.sections[0].papers[0].authors =
            ["Ada <B>", "林舟", "Luc O’Brien"].map(str::to_owned).into();
        let page = file(&export(&issue, &Assets::default()), "OEBPS/section-1.xhtml");
        let names = "<span lang=\"en\" xml:lang=\"en\">Ada &lt;B&gt;, </span>林舟\
            <span lang=\"en\" xml:lang=\"en\">, Luc O’Brien</span></p>";
        assert!(page.contains(names), "{page}");
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
        let exported = exported(&Epub::default(), &issue, &assets);
        let warnings = exported.warnings.iter();
        let told = warnings.filter(|warning| warning.code == "epub::missing-picture");
        assert_eq!(told.count(), 2);
        let page = file(&exported.artifacts.first().unwrap().data, "OEBPS/a.xhtml");
        assert!(page.contains("Alternative of &quot;images/small.jpg&quot; &amp; more"));
    }
}

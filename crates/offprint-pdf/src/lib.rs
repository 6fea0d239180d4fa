//! PDF: an issue on paper.
//!
//! Layout and paint are kept apart. `compose` says what stands in which order,
//! `paragraph` breaks text into lines, `paginate` lines into pages; the result is plain
//! data (`page`). Only `paint` and what it calls knows PDF.

mod book;
mod compose;
mod content;
mod finish;
mod font_settings;
mod fonts;
mod forms;
mod formula;
mod page;
mod paginate;
mod paint;
mod paragraph;
mod picture;
mod qr;
mod running;
mod settings;
mod shape;
mod structure;
mod theme;
mod typeface;

use std::collections::BTreeMap;
use std::sync::Arc;

use offprint_core::check::Rule;
use offprint_core::export::{Artifact, Attach, Context, Edition, Exported, RelativePath, Scope};
use offprint_core::font::{FontUse, Fonts};
use offprint_core::{Diagnostic, Export, ExportError, Issue, Severity};

use crate::book::Book;
use crate::compose::{Places, Subject};
use crate::content::Painter;
use crate::finish::{Facts, Resources};
use crate::forms::Forms;
use crate::page::{Anchor, Flow};
use crate::paginate::Pages;
use crate::picture::Ink;
use crate::shape::{Shaper, is_sign};
use crate::structure::Tree;
use crate::theme::Theme;

pub use font_settings::{Axis, Family, FontFace, FontSettings};
pub use settings::{Cover, Emphasis, Margin, Paper, Pdf, Qr, Rgb, Standard};

/// The media type of what is made.
pub const MEDIA_TYPE: &str = "application/pdf";

/// The rules that settings and pages are judged by.
pub const RULES: &[Rule] = &[
    Rule::error(
        "narrow-page",
        "the margins leave too little of a page for its text",
    ),
    Rule::warning(
        "pdf::missing-glyph",
        "no font has a character; an error unless it is a sign that a box can stand for",
    )
    .case_of("missing-glyph"),
    Rule::warning(
        "pdf::math-fallback",
        "a formula cannot be drawn and is shown as TeX",
    )
    .case_of("math-fallback"),
];

impl Pdf {
    /// The faces to set in.
    ///
    /// # Errors
    /// All that is wrong with the user's own.
    fn book(&self, fonts: &Fonts) -> Result<Arc<Book>, ExportError> {
        let (book, mut found) = Book::new(&self.fonts, fonts);
        found.retain(|diagnostic| diagnostic.severity == Severity::Error);
        if found.is_empty() {
            Ok(Arc::new(book))
        } else {
            Err(ExportError::Input(found))
        }
    }
}

impl Export for Pdf {
    fn name(&self) -> &'static str {
        "pdf"
    }

    fn scope(&self) -> Scope {
        Scope::Issue
    }

    fn fonts(&self) -> Vec<FontUse> {
        self.fonts.uses()
    }

    fn attachments(&self) -> Vec<Attach> {
        self.attach.clone()
    }

    fn check_fonts(&self, fonts: &Fonts) -> Vec<Diagnostic> {
        Book::new(&self.fonts, fonts).1
    }

    fn export(
        &self,
        context: &Context<'_>,
        edition: &Edition<'_>,
    ) -> Result<Exported, ExportError> {
        let mut exported = Exported::default();
        let book = self.book(context.fonts)?;
        let mut shaper = Shaper::with(book);
        for issue in edition.issues {
            let theme = Theme::new(self, issue.lang.is_chinese());
            let subject = Subject {
                settings: self,
                theme: &theme,
                assets: context.assets,
                series: edition.series,
                issue,
            };
            let places = Places::new(issue);
            let (flow, mut pages) = lay_out(&mut shaper, &subject, &places, context.threads)?;
            let missing = missing_glyphs(&shaper);
            if missing
                .iter()
                .any(|diagnostic| diagnostic.severity == Severity::Error)
            {
                return Err(ExportError::Input(missing));
            }
            let count = pages.pages.len();
            let ink = if self.gray { Ink::Gray } else { Ink::Color };
            let pictures = picture::read(&pages.pages, context.assets, ink, context.threads)?;
            let (fonts, faces) = fonts::embed(&shaper, &pages.pages)?;
            let document = paint::resources(fonts, &faces, &pictures)?;
            let forms = Forms::of(&pages.pages);
            let painter = Painter {
                shaper: &shaper,
                height: theme.height,
                ink,
                faces: &faces,
                forms: &forms,
                pictures: &paint::picture_names(&pictures),
            };
            let contents = painter
                .contents(&pages.pages, context.threads)
                .map_err(|error| no_thread(&error))?;
            // They are painted.
            for page in &mut pages.pages {
                page.items = Vec::new();
            }
            let data = finish::finish(
                Resources {
                    document,
                    faces: &faces,
                    forms: &forms,
                },
                &contents,
                &Facts {
                    series: edition.series,
                    issue,
                    standard: self.standard,
                    tree: &flow.tree,
                    bookmarks: &flow.bookmarks,
                    pages: &pages,
                    names: names(issue, &places),
                    attachments: context.attachments,
                    width: theme.width,
                    height: theme.height,
                },
            )?;
            exported.warnings.extend(missing);
            exported.warnings.extend(undrawn_formulas(&flow));
            exported.artifacts.push(Artifact {
                pages: Some(count),
                ..Artifact::new(
                    RelativePath::new(format!("{0}/{0}.pdf", issue.id))?,
                    MEDIA_TYPE,
                    data,
                )
            });
        }
        Ok(exported)
    }
}

/// Everything in its place.
fn lay_out(
    shaper: &mut Shaper,
    subject: &Subject<'_>,
    places: &Places,
    threads: usize,
) -> Result<(Flow, Pages), ExportError> {
    let mut flow =
        compose::compose(shaper, subject, places, threads).map_err(|error| no_thread(&error))?;
    let mut pages = paginate::paginate(&mut flow, subject.theme.area);
    if offprint_core::index::is_wanted(subject.issue) {
        let theme = Theme {
            area: subject.theme.index_area(),
            ..*subject.theme
        };
        let subject = Subject {
            theme: &theme,
            ..*subject
        };
        let page = |anchor| Some(pages.label(pages.spots.get(&anchor)?.page));
        let index = compose::compose_index(shaper, &subject, places, &page);
        flow.append_own(Tree::ROOT, index);
        pages.append(paginate::paginate(&mut flow, theme.area));
    }
    let titles = running::Titles {
        series: subject.series,
        issue: subject.issue,
        places,
        bookmarks: &flow.bookmarks,
    };
    running::running_lines(shaper, subject.theme, &titles, &mut pages);
    Ok((flow, pages))
}

fn no_thread(error: &std::io::Error) -> ExportError {
    ExportError::Internal(format!("cannot start a thread: {error}"))
}

/// The places that an address may name after `#`.
fn names(issue: &Issue, places: &Places) -> BTreeMap<String, Anchor> {
    let mut names = BTreeMap::new();
    for (part, anchor) in issue.parts.iter().zip(&places.parts) {
        names.insert(format!("issue-{}", part.id), *anchor);
    }
    for (section, (anchor, papers)) in issue.sections.iter().zip(&places.sections) {
        names.insert(format!("section-{}", section.id), *anchor);
        for (paper, anchor) in section.papers.iter().zip(papers) {
            names.insert(format!("paper-{}", paper.id), *anchor);
        }
    }
    names
}

/// A finding for each character that no font has: all of them at once.
fn missing_glyphs(shaper: &Shaper) -> Vec<Diagnostic> {
    shaper
        .missing()
        .iter()
        .map(|&character| {
            let point = u32::from(character);
            if is_sign(character) {
                Diagnostic::warning(
                    "pdf::missing-glyph",
                    format!("no font has `{character}` (U+{point:04X}); a box stands for it"),
                )
                .hint("write another sign or a word")
            } else {
                Diagnostic::error(
                    "pdf::missing-glyph",
                    format!("no font has `{character}` (U+{point:04X})"),
                )
                .hint("name a font that has it as `fallback` in `[pdf.fonts]`, or write it in another script")
            }
        })
        .collect()
}

/// A finding for each formula that is shown as TeX.
fn undrawn_formulas(flow: &Flow) -> impl Iterator<Item = Diagnostic> {
    flow.undrawn.iter().map(|(tex, paper)| {
        let tex = offprint_math::shortened(tex);
        let message = match paper {
            Some(title) => format!("a formula of “{title}” is shown as TeX: `{tex}`"),
            None => format!("a formula is shown as TeX: `{tex}`"),
        };
        Diagnostic::warning("pdf::math-fallback", message).hint(
            "write it with commands of LaTeX and amsmath, and without those of other packages",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use offprint_core::load::{Form, Location, issue};
    use offprint_core::{Assets, Issue, Series, Source};

    use super::*;

    fn read(text: &str) -> Issue {
        let head = "---\ntitle: 试刊\nid: trial\ndate: 2024-05-06\nlang: zh-CN\n---\n";
        let location = Location {
            folder: String::new(),
            stem: "trial".to_owned(),
        };
        let source = Source::new("trial.md", format!("{head}{text}"));
        let loaded = issue(&source, Form::Markdown, &location, &Series::default());
        loaded.value.expect("the issue can be read")
    }

    fn export(issue: &Issue) -> Result<Exported, ExportError> {
        Pdf::default().export(
            &Context {
                assets: &Assets::new(BTreeMap::new()),
                fonts: &offprint_core::Fonts::new(),
                published: &[],
                files: &offprint_core::Files::new(),
                attachments: &[],
                threads: 1,
            },
            &Edition {
                series: &Series::default(),
                issues: &[issue],
            },
        )
    }

    fn document(issue: &Issue) -> lopdf::Document {
        let exported = export(issue).unwrap();
        lopdf::Document::load_mem(&exported.artifacts[0].data).unwrap()
    }

    const PAPERS: &str = "导读。[^1]\n\n[^1]: 脚注。\n\n## 甲\n\n### First <Paper> & \"more\"\n\n\
        - 链接: https://example.org/1\n\n短评，见 [此处](https://example.org/论)。\n\n\
        ### Second\n\n- 链接: https://example.org/2\n\n短评。\n\n## 乙\n\n### Third\n\n\
        - 链接: https://example.org/3\n\n短评。\n";

    #[test]
    fn equal_issues_give_equal_bytes_in_one_process() {
        let issue = read(PAPERS);
        let data = |exported: Exported| exported.artifacts[0].data.clone();
        assert_eq!(data(export(&issue).unwrap()), data(export(&issue).unwrap()));
    }

    #[test]
    fn papers_are_bookmarks_below_their_sections() {
        let document = document(&read(PAPERS));
        let root = document.catalog().unwrap().get(b"Outlines").unwrap();
        let mut levels = Vec::new();
        walk(&document, root, 0, &mut levels);
        let titles: Vec<(usize, &str)> = levels
            .iter()
            .map(|(level, title)| (*level, title.as_str()))
            .collect();
        assert_eq!(
            titles,
            [
                (0, "试刊"),
                (0, "目录"),
                (0, "甲"),
                (1, "1. First <Paper> & \"more\""),
                (1, "2. Second"),
                (0, "乙"),
                (1, "3. Third"),
            ]
        );
    }

    /// How many entries lie below one of the outline, each of which must say so of itself.
    fn count_below(document: &lopdf::Document, parent: &lopdf::Object) -> i64 {
        let parent = document
            .get_dictionary(parent.as_reference().unwrap())
            .unwrap();
        let mut count = 0;
        let mut next = parent.get(b"First").ok().cloned();
        while let Some(id) = next {
            count += 1 + count_below(document, &id);
            let entry = document.get_dictionary(id.as_reference().unwrap()).unwrap();
            next = entry.get(b"Next").ok().cloned();
        }
        let said = parent
            .get(b"Count")
            .map_or(0, |said| said.as_i64().unwrap());
        assert_eq!(said, count);
        count
    }

    #[test]
    fn open_bookmarks_count_all_that_is_shown_below_them() {
        let issue = read(PAPERS);
        let span = offprint_core::book::Span::year(2024).unwrap();
        let issues = [&issue, &issue];
        let book = offprint_core::book::bind(&Series::default(), &issues, span).unwrap();
        for issue in [issue, book] {
            let document = document(&issue);
            let root = document.catalog().unwrap().get(b"Outlines").unwrap();
            assert!(count_below(&document, root) > 5);
        }
    }

    fn walk(
        document: &lopdf::Document,
        parent: &lopdf::Object,
        level: usize,
        out: &mut Vec<(usize, String)>,
    ) {
        let parent = document
            .get_dictionary(parent.as_reference().unwrap())
            .unwrap();
        let mut next = parent.get(b"First").ok().cloned();
        while let Some(id) = next {
            let entry = document.get_dictionary(id.as_reference().unwrap()).unwrap();
            let title = lopdf::decode_text_string(entry.get(b"Title").unwrap()).unwrap();
            out.push((level, title));
            walk(document, &id, level + 1, out);
            next = entry.get(b"Next").ok().cloned();
        }
    }

    #[test]
    fn an_abstract_is_in_its_papers_language() {
        let text = "## 甲\n\n### Ein Titel\n\n- 链接: https://example.org/1\n- lang: de\n\
            - abstract: Wir zeigen ein Verfahren.\n\n短评 with three English words。\n";
        let document = document(&read(text));
        let mut langs: Vec<(String, String)> = document
            .objects
            .values()
            .filter_map(|object| object.as_dict().ok())
            .filter_map(|element| {
                let name = element.get(b"S").ok()?.as_name().ok()?;
                let lang = element.get(b"Lang").ok()?.as_str().ok()?;
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                Some((text(name), text(lang)))
            })
            .collect();
        langs.sort();
        let found: Vec<(&str, &str)> = langs
            .iter()
            .map(|(name, lang)| (name.as_str(), lang.as_str()))
            .collect();
        // The title in the contents and at its place, the abstract, and a phrase.
        assert_eq!(
            found,
            [
                ("Div", "de"),
                ("Link", "de"),
                ("Link", "de"),
                ("Span", "en")
            ]
        );
    }

    #[test]
    fn every_link_of_the_text_is_live_and_has_no_border() {
        let document = document(&read(PAPERS));
        let mut urls = Vec::new();
        let mut words = Vec::new();
        for page in document.page_iter() {
            for annotation in document.get_page_annotations(page).unwrap() {
                assert_eq!(annotation.get(b"F").unwrap().as_i64().unwrap(), 4);
                let border = annotation.get(b"Border").unwrap().as_array().unwrap();
                assert!(border.iter().all(|width| width.as_i64().unwrap() == 0));
                if let Ok(action) = annotation.get(b"A") {
                    let url = action.as_dict().unwrap().get(b"URI").unwrap();
                    urls.push(String::from_utf8(url.as_str().unwrap().to_vec()).unwrap());
                    let said = annotation.get(b"Contents").unwrap();
                    words.push(lopdf::decode_text_string(said).unwrap());
                }
            }
        }
        for url in ["1", "2", "3", "%E8%AE%BA"] {
            let url = format!("https://example.org/{url}");
            assert!(urls.contains(&url), "{url}: {urls:?}");
        }
        for said in ["此处", "First <Paper> & \"more\"", "论文 example.org/3"] {
            assert!(words.contains(&said.to_owned()), "{said}: {words:?}");
        }
    }

    #[test]
    fn all_characters_without_a_glyph_are_named_at_once() {
        let error = export(&read("เ ア גꦀ 正文。\n")).unwrap_err();
        let ExportError::Input(found) = error else {
            panic!("{error}");
        };
        let messages: Vec<&str> = found
            .iter()
            .map(|diagnostic| diagnostic.message.as_str())
            .collect();
        assert_eq!(
            messages,
            [
                "no font has `ג` (U+05D2)",
                "no font has `เ` (U+0E40)",
                "no font has `ꦀ` (U+A980)",
            ]
        );
    }

    #[test]
    fn a_missing_sign_is_a_warning_and_emoji_are_drawn() {
        let exported = export(&read("好 😀👍🏽❤️ 🀀 \u{1fbf0}。\n")).unwrap();
        let found: Vec<(Severity, &str)> = exported
            .warnings
            .iter()
            .map(|diagnostic| (diagnostic.severity, diagnostic.message.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    Severity::Warning,
                    "no font has `🀀` (U+1F000); a box stands for it"
                ),
                (
                    Severity::Warning,
                    "no font has `\u{1fbf0}` (U+1FBF0); a box stands for it"
                ),
            ]
        );
    }

    #[test]
    fn every_page_is_counted_and_fonts_say_what_their_codes_mean() {
        let text = "短评，很长。".repeat(1500);
        let issue = read(&text);
        let exported = export(&issue).unwrap();
        let document = document(&issue);
        let pages = document.page_iter().count();
        assert!(pages > 3);
        assert_eq!(exported.artifacts[0].pages, Some(pages));
        let page = document.page_iter().next().unwrap();
        let fonts = document.get_page_fonts(page).unwrap();
        assert!(!fonts.is_empty());
        for font in fonts.values() {
            assert!(font.has(b"ToUnicode"));
            let name = font.get(b"BaseFont").unwrap().as_name().unwrap();
            assert_eq!(name.get(6), Some(&b'+'));
        }
    }
}

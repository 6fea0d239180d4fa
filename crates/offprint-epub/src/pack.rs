//! A book's pages, pictures and package in one file.

use std::collections::BTreeMap;

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ReferenceType, ZipLibrary};
use minijinja::{Value, context};
use offprint_core::diagnostic::Diagnostic;
use offprint_core::export::ExportError;
use offprint_core::parallel::pipeline;
use offprint_core::words::Label;

use crate::finish::{self, Finish};
use crate::front::{self, CoverPicture};
use crate::pages::{self, Making, Page, PageKind, PageName};
use crate::{Profile, contents, internal, kindle, metadata};

/// The name that `epub-builder` gives the first style sheet.
const BASE_SHEET: &str = "stylesheet.css";
const MODERN_SHEET: &str = "modern.css";
const MODERN_CSS: &str = include_str!("../../../templates/epub/modern.css");

/// The style sheets that pages name, in order.
pub(crate) fn sheets(profile: Profile) -> &'static [&'static str] {
    match profile {
        Profile::Epub3 => &[BASE_SHEET, MODERN_SHEET],
        Profile::Kindle => &[BASE_SHEET],
    }
}

/// How far in quotes, lists and what stands behind a rule begin: Amazon wants side margins
/// in percent.
fn indents(profile: Profile, has_parts: bool) -> Value {
    match profile {
        Profile::Epub3 => {
            context! { has_parts, kindle => false, step => "1.2em", list => "1.6em", gap => "0.8em" }
        }
        Profile::Kindle => {
            context! { has_parts, kindle => true, step => "5%", list => "6%", gap => "3%" }
        }
    }
}

/// Packs a book with `epub-builder` and finishes the result. While one page is compressed,
/// another thread, if there may be one, writes the next.
///
/// # Errors
/// When a template, a picture or the archive fails.
pub(crate) fn pack(
    making: &Making<'_>,
    threads: usize,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<u8>, ExportError> {
    let Making { issue, .. } = making;
    if making.profile == Profile::Kindle {
        warnings.extend(kindle::lang_warning(&issue.lang));
        warnings.extend(kindle::table_warning(issue));
    }
    let mut binder = Binder::new(making)?;
    let mut bound = Ok(());
    let write = |out: &mut dyn FnMut(Page)| pages::write(making, out);
    let book = pipeline(threads, write, |page| {
        if bound.is_ok() {
            bound = binder.add(&page, warnings);
        }
    });
    bound?;
    let mut book = book.map_err(internal)?.map_err(internal)?;
    book.pages.splice(0..0, binder.cover_page.take());
    binder.finish(&book)
}

/// The book while pages are added.
struct Binder<'a, 'm> {
    making: &'a Making<'m>,
    builder: EpubBuilder<ZipLibrary>,
    has_begun: bool,
    cover: Option<CoverPicture>,
    cover_page: Option<PageName>,
    /// What is said of pages that hold more than text, by their files.
    properties: BTreeMap<String, &'static str>,
}

impl<'a, 'm> Binder<'a, 'm> {
    fn new(making: &'a Making<'m>) -> Result<Self, ExportError> {
        let Making { issue, series, .. } = making;
        let mut builder =
            EpubBuilder::new(ZipLibrary::new().map_err(internal)?).map_err(internal)?;
        builder.epub_version(EpubVersion::V33);
        builder.set_title(issue.title.as_str());
        builder.set_uuid(metadata::uuid(series, issue));
        builder.set_toc_name(making.words.label(Label::Contents));
        if issue.lang.is_rtl() {
            // `epub_direction` has no effect; the metadata's key has.
            builder.metadata("direction", "rtl").map_err(internal)?;
        }
        let sheet = making
            .fill(BASE_SHEET, indents(making.profile, !issue.parts.is_empty()))
            .map_err(internal)?;
        builder.stylesheet(sheet.as_bytes()).map_err(internal)?;
        if making.profile == Profile::Epub3 {
            builder
                .add_resource(MODERN_SHEET, MODERN_CSS.as_bytes(), "text/css")
                .map_err(internal)?;
        }
        Ok(Self {
            making,
            builder,
            has_begun: false,
            cover: None,
            cover_page: None,
            properties: BTreeMap::new(),
        })
    }

    /// Adds a page; the first stands behind the cover, which is drawn now, while others are
    /// written.
    fn add(&mut self, page: &Page, warnings: &mut Vec<Diagnostic>) -> Result<(), ExportError> {
        if !self.has_begun {
            self.has_begun = true;
            self.add_cover(warnings)?;
        }
        self.add_page(page)
    }

    fn add_cover(&mut self, warnings: &mut Vec<Diagnostic>) -> Result<(), ExportError> {
        self.cover = front::cover(self.making, warnings)?;
        let Some(cover) = &self.cover else {
            return Ok(());
        };
        self.builder
            .add_cover_image(&cover.file, cover.data.as_slice(), cover.media_type)
            .map_err(internal)?;
        // Kindle shows the picture by itself, and a page of it as a second cover.
        if self.making.profile == Profile::Epub3 {
            let page = front::cover_page(self.making, cover).map_err(internal)?;
            self.add_page(&page)?;
            self.cover_page = Some(page.name);
        }
        Ok(())
    }

    fn add_page(&mut self, page: &Page) -> Result<(), ExportError> {
        let name = &page.name;
        // Text and attributes hold no `<`.
        let holds = |element: &str| page.xhtml.contains(element);
        let properties = match (holds("<math"), holds("<svg")) {
            (true, true) => Some("mathml svg"),
            (true, false) => Some("mathml"),
            (false, true) => Some("svg"),
            (false, false) => None,
        };
        if let Some(properties) = properties {
            self.properties.insert(name.file.clone(), properties);
        }
        let xhtml = self.making.profile.document(&page.xhtml);
        let mut content =
            EpubContent::new(name.file.as_str(), xhtml.as_bytes()).title(name.title.as_str());
        if let Some(reference) = reference(name.kind) {
            content = content.reftype(reference);
        }
        self.builder.add_content(content).map_err(internal)?;
        Ok(())
    }

    /// Adds the pictures and the package.
    fn finish(mut self, book: &pages::Book) -> Result<Vec<u8>, ExportError> {
        let making = self.making;
        let cover = self.cover.as_ref().map(|cover| cover.file.as_str());
        // Kindle's cover is a file of its own, whatever the picture is used for besides.
        for picture in making.pictures.files().map_err(internal)? {
            if cover != Some(picture.file.as_str()) {
                self.builder
                    .add_resource(&picture.file, picture.data.as_ref(), picture.media_type)
                    .map_err(internal)?;
            }
        }
        for formula in making.formulas.take_files() {
            self.builder
                .add_resource(&formula.file, formula.data.as_slice(), formula.media_type)
                .map_err(internal)?;
        }
        let metadata = metadata::metadata(making, cover.is_some()).map_err(internal)?;
        let nav = contents::nav(making, book).map_err(internal)?;
        let ncx = contents::ncx(making, book).map_err(internal)?;
        let mut packed = Vec::new();
        self.builder.generate(&mut packed).map_err(internal)?;
        let finish = Finish {
            lang: making.issue.lang.as_str(),
            rtl: making.issue.lang.is_rtl(),
            metadata: &making.profile.document(&metadata),
            nav: &making.profile.document(&nav),
            ncx: &making.profile.document(&ncx),
            contents_follow: pages::TITLE_FILE,
            properties: &self.properties,
        };
        finish::finish(&packed, &finish).map_err(internal)
    }
}

/// What the EPUB 2 guide, which Kindle still reads, calls a page.
fn reference(kind: PageKind) -> Option<ReferenceType> {
    match kind {
        PageKind::Cover => Some(ReferenceType::Cover),
        PageKind::Title => Some(ReferenceType::TitlePage),
        PageKind::Start => Some(ReferenceType::Text),
        PageKind::Index => Some(ReferenceType::Index),
        PageKind::Body => None,
        PageKind::Back => Some(ReferenceType::Colophon),
    }
}

//! PDF: an issue on paper.
//!
//! Layout and paint are kept apart. [`compose`] says what stands in which order,
//! [`paragraph`] breaks text into lines, [`paginate`] lines into pages; the result is plain
//! data ([`page`]). Only [`paint`] and what it calls knows PDF.

mod compose;
mod finish;
mod fonts;
mod page;
mod paginate;
mod paint;
mod paragraph;
mod picture;
mod shape;
mod theme;

use offprint_core::export::{Artifact, Context, Edition, Exported, RelativePath, Scope};
use offprint_core::fields::Fields;
use offprint_core::{Diagnostic, Export, ExportError, Severity};

use crate::shape::{Shaper, is_sign};
use crate::theme::Theme;

/// A size of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 148 × 210 mm.
    A5,
    /// 8.5 × 11 inches.
    Letter,
}

/// The PDF exporter and its settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pdf {
    /// What it is to be printed on.
    pub paper: Paper,
}

impl Pdf {
    /// Reads the table `[pdf]` of `offprint.toml`.
    pub fn read(fields: &mut Fields<'_, '_>) -> Self {
        let paper = fields.choice(
            &["paper"],
            &[
                ("A4", Paper::A4),
                ("A5", Paper::A5),
                ("Letter", Paper::Letter),
            ],
        );
        for key in ["standard", "fonts", "qr"] {
            if let Some(node) = fields.node(&[key]) {
                let mut hint =
                    Diagnostic::warning("no-effect", format!("`{key}` has no effect yet"))
                        .at(fields.place_of(node));
                hint.severity = Severity::Hint;
                fields.report(hint);
            }
        }
        Self {
            paper: paper.unwrap_or_default(),
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

    fn export(
        &self,
        context: &Context<'_>,
        edition: &Edition<'_>,
    ) -> Result<Exported, ExportError> {
        let mut exported = Exported::default();
        let mut shaper = Shaper::new();
        for issue in edition.issues {
            let theme = Theme::new(self.paper, issue.lang.is_chinese());
            let flow = compose::compose(&mut shaper, &theme, context.assets, edition.series, issue);
            let mut pages = paginate::paginate(&flow, theme.area);
            compose::running_lines(&mut shaper, &theme, edition.series, issue, &mut pages);
            let missing = missing_glyphs(&shaper);
            if missing
                .iter()
                .any(|diagnostic| diagnostic.severity == Severity::Error)
            {
                return Err(ExportError::Input(missing));
            }
            let count = pages.pages.len();
            let pictures = picture::read(&pages.pages, context.assets)?;
            let document = paint::paint(&shaper, &theme, &pages.pages, &pictures)?;
            let data = finish::finish(
                document,
                &finish::Facts {
                    series: edition.series,
                    issue,
                    flow: &flow,
                    pages: &pages,
                    height: theme.height,
                },
            )?;
            exported.warnings.extend(missing);
            exported.artifacts.push(Artifact {
                pages: Some(count),
                ..Artifact::new(
                    RelativePath::new(format!("{0}/{0}.pdf", issue.id))?,
                    "application/pdf",
                    data,
                )
            });
        }
        Ok(exported)
    }
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
                .hint("write it in another script, or leave the PDF out with `--format`")
            }
        })
        .collect()
}

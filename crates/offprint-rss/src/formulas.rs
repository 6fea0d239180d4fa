//! Formulas as pictures: readers of feeds show no `MathML`, and raw TeX is no text to read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use offprint_core::text::Formula;
use offprint_core::{Diagnostic, RelativePath};
use offprint_html::{ImageSource, Shown};
use offprint_math::{Drawing, Picture, PictureOptions, Style, Typesetter, shortened};
use sha2::{Digest, Sha256};

/// White around a formula, in CSS pixels: it may stand on a dark page.
const MARGIN: f32 = 2.0;
/// How far above the baseline `vertical-align: middle` puts the middle of a picture, in CSS
/// pixels: half the height of an `x`, which in most faces is half an em, at 16 pixels to the em.
const MIDDLE: f32 = 4.0;

/// Draws formulas, each once for the whole series.
#[derive(Default)]
pub(crate) struct Formulas {
    typesetter: Typesetter,
    drawn: Mutex<BTreeMap<Key, Option<Drawn>>>,
}

/// A formula's TeX, and where it stands.
type Key = (String, Style);

/// A formula that has a picture.
#[derive(Debug, Clone)]
struct Drawn {
    path: RelativePath,
    width: u32,
    height: u32,
}

/// The formulas of one issue.
pub(crate) struct OfIssue<'a> {
    all: &'a Formulas,
    /// Pictures that nobody drew before, by their path in the output folder.
    fresh: RefCell<BTreeMap<RelativePath, Vec<u8>>>,
    /// What cannot be drawn.
    undrawn: RefCell<BTreeSet<String>>,
}

impl<'a> OfIssue<'a> {
    /// Those of an issue whose formulas may be among `all`.
    pub(crate) fn new(all: &'a Formulas) -> Self {
        Self {
            all,
            fresh: RefCell::default(),
            undrawn: RefCell::default(),
        }
    }

    /// A formula's picture, to be found below `base`; `None` for what cannot be drawn.
    pub(crate) fn shown(&self, formula: &Formula, style: Style, base: &str) -> Option<Shown> {
        let drawn = self.all.drawn(formula, style, &self.fresh);
        if drawn.is_none() {
            self.undrawn.borrow_mut().insert(formula.tex.clone());
        }
        drawn.map(|drawn| Shown::Picture {
            source: ImageSource {
                url: format!("{base}{}", drawn.path),
                width: drawn.width,
                height: drawn.height,
            },
            style: match style {
                Style::Inline => "vertical-align:middle".to_owned(),
                Style::Display => String::new(),
            },
        })
    }

    /// The pictures that nobody drew before.
    pub(crate) fn take_fresh(&self) -> BTreeMap<RelativePath, Vec<u8>> {
        self.fresh.take()
    }

    /// Tells of the formulas that are shown as TeX.
    pub(crate) fn findings(&self) -> Vec<Diagnostic> {
        let undrawn = self.undrawn.borrow();
        let tell = |tex: &String| {
            let message = format!("the feeds show a formula as TeX: `{}`", shortened(tex));
            Diagnostic::warning("feed::math-fallback", message).hint(
                "what is drawn: commands that KaTeX knows, letters that the embedded fonts have, \
                 formulas that fit on a page",
            )
        };
        undrawn.iter().map(tell).collect()
    }
}

impl Formulas {
    fn drawn(
        &self,
        formula: &Formula,
        style: Style,
        fresh: &RefCell<BTreeMap<RelativePath, Vec<u8>>>,
    ) -> Option<Drawn> {
        let key = (formula.tex.clone(), style);
        if let Some(known) = self.locked().get(&key) {
            return known.clone();
        }
        let drawing = self.typesetter.set(&formula.tex, style);
        let picture = drawing.and_then(|drawing| match style {
            Style::Inline => picture(&centred(&drawing)),
            Style::Display => picture(&drawing.with_tag()),
        });
        let drawn = picture.and_then(|picture| {
            let path = path_of(&picture.png)?;
            fresh.borrow_mut().insert(path.clone(), picture.png);
            Some(Drawn {
                path,
                width: picture.width,
                height: picture.height,
            })
        });
        self.locked().insert(key, drawn.clone());
        drawn
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Option<Drawn>>> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The formula as a picture for fine screens, for others if it would be too large.
fn picture(drawing: &Drawing) -> Option<Picture> {
    let scales = [2.0, 1.0].into_iter();
    let mut pictures = scales.map(|scale| {
        drawing.png(PictureOptions {
            scale,
            margin: MARGIN,
            ..PictureOptions::default()
        })
    });
    pictures.find_map(|picture| picture)
}

/// The formula in a box whose middle stands [`MIDDLE`] above the baseline, so that
/// `vertical-align: middle` puts it on that of the text. A length would say it better, but
/// readers and validators take a negative one for an attack and drop the style.
fn centred(drawing: &Drawing) -> Drawing {
    let size = PictureOptions::default().size;
    let bounds = drawing.bounds();
    let above = bounds.top * size + MARGIN - MIDDLE;
    let below = -bounds.bottom * size + MARGIN + MIDDLE;
    // Half of a whole number of pixels, less what floating point adds.
    let half = (above.max(below) * 2.0).ceil() / 2.0 - 0.001;
    Drawing {
        ascent: (half - MARGIN + MIDDLE) / size,
        depth: (half - MARGIN - MIDDLE) / size,
        ..drawing.clone()
    }
}

/// A picture is called after its bytes, so that equal formulas share one, and a feed that was
/// read long ago still finds it.
fn path_of(png: &[u8]) -> Option<RelativePath> {
    let mut name = String::from("math/");
    for byte in Sha256::digest(png).iter().take(8) {
        let _ = write!(name, "{byte:02x}");
    }
    RelativePath::new(format!("{name}.png")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_picture_stands_where_it_is_put() {
        let typesetter = Typesetter::default();
        for tex in [
            "x",
            "x^{2^{2^2}}",
            "_2",
            "\\sqrt{x}",
            "\\sum_{i}^n",
            "\\binom{n}{k}",
        ] {
            let drawing = typesetter.set(tex, Style::Inline).unwrap();
            let centred = centred(&drawing);
            let picture = picture(&centred).unwrap();
            let baseline = centred.bounds().top * 16.0 + MARGIN;
            let middle = picture.height as f32 / 2.0;
            assert!((baseline - middle - MIDDLE).abs() < 0.02, "{tex}");
            // Nothing of the formula is lost, and no more white is added than is needed.
            let [own, whole] = [&*drawing, &centred].map(Drawing::bounds);
            let added = [whole.top - own.top, own.bottom - whole.bottom];
            assert!(added.iter().all(|added| *added > -0.001), "{tex} {added:?}");
            assert!(
                added.iter().any(|added| *added < 1.0 / 16.0),
                "{tex} {added:?}"
            );
        }
    }
}

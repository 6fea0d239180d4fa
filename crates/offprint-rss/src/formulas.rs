//! Formulas as pictures: readers of feeds show no `MathML`, and raw TeX is no text to read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use offprint_core::text::Formula;
use offprint_core::{Diagnostic, RelativePath};
use offprint_html::{ImageSource, Setting};
use offprint_math::{PictureOptions, Style, Typesetter};
use sha2::{Digest, Sha256};

use crate::clean::one_line;

/// Draws formulas, each once for the whole series.
#[derive(Default)]
pub(crate) struct Formulas {
    typesetter: Typesetter,
    drawn: Mutex<BTreeMap<Key, Option<Drawn>>>,
}

/// A formula's TeX, and where it stands.
type Key = (String, Setting);

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

    /// Where a formula's picture is to be found below `base`; `None` for what cannot be drawn.
    pub(crate) fn source(
        &self,
        formula: &Formula,
        setting: Setting,
        base: &str,
    ) -> Option<ImageSource> {
        let drawn = self.all.drawn(formula, setting, &self.fresh);
        if drawn.is_none() {
            self.undrawn.borrow_mut().insert(formula.tex.clone());
        }
        drawn.map(|drawn| ImageSource {
            url: format!("{base}{}", drawn.path),
            width: drawn.width,
            height: drawn.height,
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
            Diagnostic::remark("feed::formula-as-text", message)
                .hint("what cannot be drawn yet: text that is not Latin, and commands of packages")
        };
        undrawn.iter().map(tell).collect()
    }
}

/// A formula's first characters, on one line.
fn shortened(tex: &str) -> String {
    const LENGTH: usize = 60;
    let line = one_line(tex);
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.into_owned(),
    }
}

impl Formulas {
    fn drawn(
        &self,
        formula: &Formula,
        setting: Setting,
        fresh: &RefCell<BTreeMap<RelativePath, Vec<u8>>>,
    ) -> Option<Drawn> {
        let key = (formula.tex.clone(), setting);
        if let Some(known) = self.locked().get(&key) {
            return known.clone();
        }
        let style = match setting {
            Setting::Line => Style::Inline,
            Setting::Display => Style::Display,
        };
        let drawing = self.typesetter.set(&formula.tex, style);
        let picture = drawing.and_then(|drawing| drawing.png(PictureOptions::default()));
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

/// A picture is called after its bytes, so that equal formulas share one, and a feed that was
/// read long ago still finds it.
fn path_of(png: &[u8]) -> Option<RelativePath> {
    let mut name = String::from("math/");
    for byte in Sha256::digest(png).iter().take(8) {
        let _ = write!(name, "{byte:02x}");
    }
    RelativePath::new(format!("{name}.png")).ok()
}

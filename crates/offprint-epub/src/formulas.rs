//! How a book shows formulas, and which of its files hold their pictures.
//!
//! Books for readers of today hold `MathML`, whose size, colour and speech are the reader's.
//! `altimg` names a picture for those that know no `MathML` but read the attribute. It is SVG:
//! every reader of EPUB 3 shows that (EPUB 3.3, 3.2), it is sharp at any size, and takes less
//! room than pixels. What has no `MathML` is drawn on the page, in the colour of the text.
//!
//! Kindle's converters drop `MathML` or spell it out, know few drawings in SVG, and do not turn
//! their colours in the dark: there, formulas are pictures of pixels, black on white.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use offprint_core::diagnostic::Diagnostic;
use offprint_core::text::Formula;
use offprint_html::{ImageSource, Shown, escape};
use offprint_math::{Drawing, PictureOptions, Style, Svg, Typesetter, mathml, shortened, words};
use uuid::Uuid;

use crate::Profile;

/// The name space of the names of formulas' files.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0c_22d4_19e6_4f3a_a1d7_6f6d_6174_6873);

/// Steps to the em of drawings: fine enough for text on any screen.
const UNITS: u16 = 200;

/// CSS pixels to the em of the size that pictures tell beside that in em.
const SIZE: f32 = 16.0;

/// Pixels of Kindle's pictures to a CSS pixel: sharp at the size of text that most choose on a
/// screen of 300 pixels an inch. What would be too large so is made with fewer.
const SCALES: [f32; 3] = [4.0, 2.0, 1.0];

/// White around a formula in Kindle's pictures, in CSS pixels, for dark pages.
const MARGIN: f32 = 1.5;

/// From which width on, in em, a formula is set smaller where the page is narrow, by which
/// class of the style sheet, and whether it may still be wider than the page. A telephone has room for 20 em, and the faces of some readers are
/// wider than ours by a quarter.
const WIDTHS: [(f32, &str, bool); 4] = [
    (36.5, "huge", true),
    (26.5, "widest", true),
    (20.5, "wider", false),
    (16.0, "wide", false),
];

/// The formulas of a book, noting those that it shows.
pub(crate) struct Formulas<'a> {
    typesetter: &'a Typesetter,
    profile: Profile,
    /// Whether the book's pages run from right to left: formulas do not.
    rtl: bool,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    shown: BTreeMap<(String, Style), Option<Shown>>,
    /// What is drawn in a file, by its name.
    files: BTreeMap<String, FileOf>,
    has_mathml: bool,
    has_pictures: bool,
    /// What is shown as TeX.
    lost: BTreeSet<String>,
}

enum FileOf {
    /// Made when it is packed, of what is laid out already.
    Svg(Arc<Drawing>),
    Png(Vec<u8>),
}

/// A file of a book that shows a formula.
pub(crate) struct FormulaFile {
    pub file: String,
    pub media_type: &'static str,
    pub data: Vec<u8>,
}

impl<'a> Formulas<'a> {
    pub(crate) fn new(typesetter: &'a Typesetter, profile: Profile, rtl: bool) -> Self {
        Self {
            typesetter,
            profile,
            rtl,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How a formula is shown; `None` where nothing but its TeX can be.
    pub(crate) fn shown(&self, formula: &Formula, style: Style) -> Option<Shown> {
        let key = (formula.tex.clone(), style);
        let mut known = self.known();
        if let Some(shown) = known.shown.get(&key) {
            return shown.clone();
        }
        let drawing = self.typesetter.set(&formula.tex, style);
        let shown = match self.profile {
            Profile::Epub3 => self.element(&mut known, &formula.tex, style, drawing),
            Profile::Kindle => {
                drawing.and_then(|drawing| picture(&mut known, &formula.tex, style, &drawing))
            }
        };
        if shown.is_none() {
            known.lost.insert(formula.tex.clone());
        }
        known.shown.insert(key, shown.clone());
        shown
    }

    /// [`Formulas::shown`] for a title, which may be a link: nothing within it can be moved
    /// sideways, so what is too long for a page is said in words.
    pub(crate) fn shown_in_title(&self, formula: &Formula, style: Style) -> Option<Shown> {
        let drawing = self.typesetter.set(&formula.tex, style);
        let scrolls = drawing
            .as_deref()
            .and_then(step)
            .is_some_and(|(_, _, scrolls)| *scrolls);
        if scrolls && self.profile == Profile::Epub3 {
            return Some(Shown::Element {
                markup: Arc::from(escape(&words(&formula.tex))),
                class: None,
                scrolls: false,
            });
        }
        self.shown(formula, style)
    }

    /// A formula as `MathML`, else as a drawing.
    fn element(
        &self,
        known: &mut Known,
        tex: &str,
        style: Style,
        drawing: Option<Arc<Drawing>>,
    ) -> Option<Shown> {
        let step = drawing.as_deref().and_then(step);
        let class = step.map(|(_, class, _)| *class);
        let scrolls = step.is_some_and(|(_, _, scrolls)| *scrolls);
        let markup = match (mathml(tex, style), drawing) {
            (Ok(mathml), Some(drawing)) => {
                let whole = drawing.with_tag();
                let file = file(tex, style, "svg");
                let mut attributes = altimg(&file, &whole);
                if self.rtl {
                    attributes.push_str(" dir=\"ltr\"");
                }
                known.has_mathml = true;
                known.files.insert(file, FileOf::Svg(Arc::new(whole)));
                with_attributes(&mathml, &attributes)
            }
            (Ok(mathml), None) => {
                known.has_mathml = true;
                let attributes = if self.rtl { " dir=\"ltr\"" } else { "" };
                with_attributes(&mathml, attributes)
            }
            (Err(_), Some(drawing)) => {
                known.has_pictures = true;
                inline_svg(tex, &drawing.with_tag().svg(UNITS))
            }
            (Err(_), None) => return None,
        };
        Some(Shown::Element {
            markup: Arc::from(markup),
            class,
            scrolls,
        })
    }

    /// Whether formulas are `MathML` in places.
    pub(crate) fn has_mathml(&self) -> bool {
        self.known().has_mathml
    }

    /// Whether formulas are seen as pictures in places.
    pub(crate) fn has_pictures(&self) -> bool {
        self.known().has_pictures
    }

    /// The files of the formulas that are shown, each once, ordered by name.
    pub(crate) fn take_files(&self) -> impl Iterator<Item = FormulaFile> + use<> {
        let files = std::mem::take(&mut self.known().files);
        files.into_iter().map(|(file, of)| match of {
            FileOf::Svg(drawing) => FormulaFile {
                file,
                media_type: "image/svg+xml",
                data: svg_file(&drawing.svg(UNITS)).into_bytes(),
            },
            FileOf::Png(data) => FormulaFile {
                file,
                media_type: "image/png",
                data,
            },
        })
    }

    /// The formulas of which a book shows the TeX.
    pub(crate) fn warnings(&self) -> Vec<Diagnostic> {
        let known = self.known();
        let tell = |tex: &String| {
            Diagnostic::warning(
                "epub::math-fallback",
                format!("the book shows a formula as TeX: `{}`", shortened(tex)),
            )
            .hint(
                "what is drawn: commands that KaTeX knows, letters that the embedded fonts have, \
                 formulas that fit on a page",
            )
        };
        known.lost.iter().map(tell).collect()
    }
}

/// The first of [`WIDTHS`] that a formula has with its number.
fn step(drawing: &Drawing) -> Option<&'static (f32, &'static str, bool)> {
    let tag = drawing.tag.as_ref().map_or(0.0, |tag| tag.width + 2.0);
    let width = drawing.width + tag;
    WIDTHS.iter().find(|(from, ..)| width > *from)
}

/// The file of a formula's picture, called after what it shows.
fn file(tex: &str, style: Style, ending: &str) -> String {
    let style = match style {
        Style::Inline => "inline",
        Style::Display => "display",
    };
    let name = Uuid::new_v5(&NAMESPACE, format!("{style}:{tex}").as_bytes());
    format!("math/{}.{ending}", name.simple())
}

/// A length in em, with at most three decimals.
fn em(length: f32) -> f32 {
    // Zero has no sign.
    (length * 1_000.0).round() / 1_000.0 + 0.0
}

/// The attributes of a `math` element that name its picture and the picture's size (`MathML` 3,
/// 2.2.1).
fn altimg(file: &str, drawing: &Drawing) -> String {
    let bounds = drawing.bounds();
    format!(
        " altimg=\"{file}\" altimg-width=\"{}em\" altimg-height=\"{}em\" altimg-valign=\"{}em\"",
        em(bounds.right - bounds.left),
        em(bounds.top - bounds.bottom),
        em(bounds.bottom),
    )
}

/// An element with more attributes.
fn with_attributes(element: &str, attributes: &str) -> String {
    const START: &str = "<math";
    match element.strip_prefix(START) {
        Some(rest) => format!("{START}{attributes}{rest}"),
        None => element.to_owned(),
    }
}

/// A formula drawn in its line, in the colour of the text.
fn inline_svg(tex: &str, svg: &Svg) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\" \
         style=\"width:{}em;height:{}em;vertical-align:{}em\" viewBox=\"{}\" fill=\"currentColor\">",
        escape(tex),
        em(svg.width),
        em(svg.height),
        em(-svg.depth),
        svg.view_box,
    );
    svg.push_paths(&mut out);
    out.push_str("</svg>");
    out
}

/// A formula as a file: black on white, because it knows nothing of the page.
fn svg_file(svg: &Svg) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"{}\">",
        em(svg.width * SIZE),
        em(svg.height * SIZE),
        svg.view_box
    );
    let mut box_of = svg.view_box.split(' ');
    if let (Some(x), Some(y), Some(width), Some(height)) =
        (box_of.next(), box_of.next(), box_of.next(), box_of.next())
    {
        let _ = write!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"
        );
    }
    svg.push_paths(&mut out);
    out.push_str("</svg>");
    out
}

/// A formula as a picture whose size follows that of the text.
fn picture(known: &mut Known, tex: &str, style: Style, drawing: &Drawing) -> Option<Shown> {
    let whole = drawing.with_tag();
    let picture = SCALES.iter().find_map(|&scale| {
        whole.png(PictureOptions {
            size: SIZE,
            scale,
            margin: MARGIN,
        })
    })?;
    let file = file(tex, style, "png");
    let above = whole.bounds().top * SIZE + MARGIN;
    let below = picture.height as f32 - above;
    let mut place = format!("width:{}em", em(picture.width as f32 / SIZE));
    if style == Style::Inline {
        let _ = write!(place, ";vertical-align:{}em", em(-below / SIZE));
    }
    known.has_pictures = true;
    known.files.insert(file.clone(), FileOf::Png(picture.png));
    Some(Shown::Picture {
        source: ImageSource {
            url: file,
            width: picture.width,
            height: picture.height,
        },
        style: place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(tex: &str) -> Arc<Drawing> {
        Typesetter::default().set(tex, Style::Display).unwrap()
    }

    /// One em wide, a quarter above the baseline and a quarter below it.
    const BAR: &str = "\\rule[-0.25em]{1em}{0.5em}";

    #[test]
    fn a_drawing_stands_on_the_baseline_in_the_colour_of_the_text() {
        let svg = inline_svg("a < \"b\"", &drawing(BAR).svg(UNITS));
        let (start, path) = svg.split_once("<path").unwrap();
        assert_eq!(
            start,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
             aria-label=\"a &lt; &quot;b&quot;\" \
             style=\"width:1em;height:0.5em;vertical-align:-0.25em\" \
             viewBox=\"0 -50 200 100\" fill=\"currentColor\">"
        );
        assert!(path.starts_with(" d=\"M") && path.ends_with("z\"/></svg>"));
        let named = inline_svg("x", &drawing("\\textcolor{red}{x}").svg(UNITS));
        assert!(named.contains("<path fill=\"#ff0000\" d="), "{named}");
    }

    #[test]
    fn a_file_is_black_on_white() {
        let file = svg_file(&drawing(BAR).svg(UNITS));
        let (start, path) = file.split_once("<path").unwrap();
        assert_eq!(
            start,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"16\" height=\"8\" \
             viewBox=\"0 -50 200 100\">\
             <rect x=\"0\" y=\"-50\" width=\"200\" height=\"100\" fill=\"#fff\"/>"
        );
        assert!(path.starts_with(" d=\"M") && path.ends_with("z\"/></svg>"));
    }

    #[test]
    fn a_picture_of_pixels_stands_on_the_baseline() {
        let mut known = Known::default();
        let shown = picture(&mut known, BAR, Style::Inline, &drawing(BAR)).unwrap();
        let Shown::Picture { source, style } = shown else {
            panic!("{shown:?}")
        };
        // 16 by 8 pixels with one and a half around them: four and one and a half lie below.
        assert_eq!((source.width, source.height), (19, 11));
        assert_eq!(style, "width:1.188em;vertical-align:-0.344em");
        let Some(FileOf::Png(png)) = known.files.get(&source.url) else {
            panic!("{}", source.url)
        };
        let pixels = image::load_from_memory(png).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (76, 44));
    }

    #[test]
    fn what_is_wide_is_a_picture_of_fewer_pixels_and_what_is_endless_is_none() {
        let width = |length: &str| {
            let tex = format!("\\rule{{{length}}}{{1em}}");
            let mut known = Known::default();
            picture(&mut known, &tex, Style::Display, &drawing(&tex))?;
            match known.files.into_values().next()? {
                FileOf::Png(png) => Some(image::load_from_memory(&png).unwrap().width()),
                FileOf::Svg(_) => None,
            }
        };
        assert_eq!(width("50em"), Some(3_212));
        assert_eq!(width("100em"), Some(3_206));
        assert_eq!(width("400em"), None);
    }

    #[test]
    fn wide_formulas_have_a_class_by_their_width() {
        let typesetter = Typesetter::default();
        let formulas = Formulas::new(&typesetter, Profile::Epub3, false);
        let class = |length: &str| {
            let tex = format!("x\\hspace{{{length}}}y");
            match formulas.shown(&Formula { tex }, Style::Display) {
                Some(Shown::Element { class, .. }) => class,
                shown => panic!("{shown:?}"),
            }
        };
        assert_eq!(class("10em"), None);
        assert_eq!(class("16em"), Some("wide"));
        assert_eq!(class("20em"), Some("wider"));
        assert_eq!(class("30em"), Some("widest"));
        assert_eq!(class("100em"), Some("huge"));
    }
}

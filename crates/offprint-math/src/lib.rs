//! Formulas: TeX read once and turned into whatever a format can show.
//!
//! A helper of formats, not a format.
//!
//! - [`check`] tells whether a formula can be read, and if not, what is wrong with it and where;
//! - [`mathml()`] writes `MathML`, for readers that lay formulas out themselves;
//! - [`Typesetter`] lays a formula out as glyph outlines ([`Drawing`]), which become SVG
//!   ([`Drawing::svg`]), a picture ([`Drawing::png`]) or the paths of a page;
//! - [`words()`] says a formula in one line of plain text, for where nothing else can stand.
//!
//! The libraries that do the work stay behind these types, so that others can take their place.

mod class;
mod diagnose;
mod faces;
mod fault;
mod glyphs;
mod known;
mod layout;
mod mathml;
mod names;
mod outline;
mod png;
mod rules;
mod scan;
mod source;
mod svg;
mod tidy;
mod token;
mod units;
mod words;

pub use fault::{Fault, check};
pub use layout::{Break, Drawing, Mark, Style, Typesetter};
pub use mathml::mathml;
pub use outline::{Outline, Point, Rectangle, Segment};
pub use png::{Picture, PictureOptions};
pub use svg::{Svg, SvgPath};
pub use words::{shortened, words};

/// The longest formula that is read, in bytes of TeX: a longer one is no formula of a page.
pub const MAX_TEX: usize = 4_000;

/// A colour of a formula: red, green, blue.
pub type Rgb = [u8; 3];

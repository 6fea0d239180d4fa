//! The data of a paper digest and everything that can be said about it without
//! knowing an output format.
//!
//! A curator's list becomes an [`Issue`] (`load`), the text in it becomes a small
//! closed tree ([`text`]), and what is wrong with it becomes a list of
//! [`Diagnostic`]s. Exporter crates implement [`Export`] over these values; they
//! neither read the disk nor the clock.

pub mod asset;
pub mod bibliography;
pub mod book;
pub mod chars;
pub mod check;
pub mod citation;
pub mod colophon;
pub mod date;
pub mod diagnostic;
pub mod export;
pub mod fields;
pub mod font;
pub mod guid;
pub mod index;
pub mod load;
pub mod lock;
pub mod markdown;
pub mod marks;
pub mod mend;
pub mod model;
pub mod names;
pub mod parallel;
pub mod series;
pub mod source;
pub mod spell;
pub mod text;
pub mod words;

pub use asset::{Asset, Assets};
pub use date::Moment;
pub use diagnostic::{Diagnostic, Edit, Fix, Place, Severity};
pub use export::{
    Artifact, Attach, Attachment, Collect, Context, Edition, Export, ExportError, Exported, Files,
    Published, RelativePath, Scope, Spool,
};
pub use font::{FontFile, FontUse, Fonts};
pub use model::{Issue, Paper, Part, Section, Series};
pub use source::Source;
pub use text::{Block, Inline, Text};

//! What a series of issues can tell that no issue of it can tell alone.
//!
//! A series may be of any length, so nothing here asks for whole issues: an issue that has
//! been read leaves a [`Card`], and everything works on those.

mod across;
mod card;
mod fold;
mod rhythm;
#[cfg(test)]
pub(crate) mod samples;
mod tags;
mod today;

pub use across::{Across, check, numbers};
pub use card::{Card, PaperCard, Span};
pub use fold::fold;
pub use rhythm::{Rhythm, next_day};
pub use today::check_at;

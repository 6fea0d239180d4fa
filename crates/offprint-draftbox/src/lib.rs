//! Articles into the draft box (草稿箱) of a WeChat account, by the interface of its platform:
//! `https://developers.weixin.qq.com/doc/service/api/`.
//!
//! [`publish`] uploads the pictures, then makes a draft or brings the one it made before up to
//! date, reads it back, and says what WeChat made of it. Sending it to readers is left to a
//! person. Nothing here reads a disk, a clock or the environment: the caller gives
//! credentials and what is remembered, and a [`Host`] keeps, waits and listens.

mod client;
mod compare;
mod connection;
mod draft;
mod errcode;
mod error;
mod flow;
mod line;
mod markup;
mod memory;
mod multipart;
mod secret;

use std::time::Duration;

pub use compare::Change;
pub use connection::{Base, BaseError, Connection, proxy};
pub use draft::{Article, Draft, Fault, Picture};
pub use error::PublishError;
pub use flow::{Outcome, Plan, PlannedDraft, PlannedPicture, SentDraft, Why, plan, publish};
pub use memory::Memory;
pub use secret::{Credentials, Secret};
pub use ureq::Proxy;

/// What surrounds a publication: a clock, patience, and somewhere to keep what was done.
pub trait Host {
    /// Seconds since 1970.
    fn now(&mut self) -> u64;

    /// Lets time pass before the next attempt.
    fn wait(&mut self, time: Duration);

    /// Keeps what is remembered; called after each step, so that none is done twice.
    ///
    /// # Errors
    /// Why it could not be kept, in words.
    fn keep(&mut self, memory: &Memory) -> Result<(), String>;

    /// Hears what happens, as it happens.
    fn tell(&mut self, event: &Event<'_>);
}

/// What happens during a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A picture of an article, or a cover, was uploaded.
    Uploaded {
        /// The picture's name.
        name: &'a str,
        /// Its length.
        bytes: usize,
    },
    /// A step failed and is tried again later.
    Retrying {
        /// What was being done, as in `uploading the picture …`.
        doing: &'a str,
        /// Why it failed.
        why: &'a str,
        /// How long until the next attempt.
        wait: Duration,
    },
}

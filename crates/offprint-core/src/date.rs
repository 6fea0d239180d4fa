//! A moment of publication, and how it is written.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::{Serialize, Serializer};

/// A date, or a date with a time of day, at a known offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    timestamp: Timestamp,
    offset: Offset,
    has_time: bool,
}

impl Moment {
    /// Midnight of `date` in `zone`.
    ///
    /// # Errors
    /// When the moment lies outside the years that can be told.
    pub fn from_date(date: Date, zone: &TimeZone) -> Result<Self, jiff::Error> {
        Self::from_civil(date.to_datetime(jiff::civil::Time::midnight()), zone, false)
    }

    /// A time of day in `zone`.
    ///
    /// # Errors
    /// When the moment lies outside the years that can be told.
    pub fn from_datetime(datetime: DateTime, zone: &TimeZone) -> Result<Self, jiff::Error> {
        Self::from_civil(datetime, zone, true)
    }

    fn from_civil(
        datetime: DateTime,
        zone: &TimeZone,
        has_time: bool,
    ) -> Result<Self, jiff::Error> {
        let zoned = zone.to_zoned(datetime)?;
        Ok(Self {
            timestamp: zoned.timestamp(),
            offset: zoned.offset(),
            has_time,
        })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.timestamp.as_second()
    }

    /// The same moment `seconds` earlier; the earliest that can be told at the least.
    #[must_use]
    pub fn minus_seconds(self, seconds: u32) -> Self {
        let timestamp = Timestamp::from_second(self.timestamp.as_second() - i64::from(seconds))
            .unwrap_or(Timestamp::MIN);
        Self { timestamp, ..self }
    }

    /// Whether the author gave a time of day.
    #[must_use]
    pub fn has_time(self) -> bool {
        self.has_time
    }

    /// The wall clock's reading where the issue appears.
    #[must_use]
    pub fn civil(self) -> DateTime {
        self.offset.to_datetime(self.timestamp)
    }

    /// The wall clock's reading at UTC.
    #[must_use]
    pub fn utc(self) -> DateTime {
        Offset::UTC.to_datetime(self.timestamp)
    }

    /// The offset from UTC, in minutes.
    #[must_use]
    pub fn offset_minutes(self) -> i32 {
        self.offset.seconds() / 60
    }

    /// `2020-11-02`.
    #[must_use]
    pub fn date(self) -> Date {
        self.civil().date()
    }

    /// RFC 2822 with a two-digit day, as RSS 2.0 wants it: `Mon, 02 Nov 2020 15:50:00 +0800`.
    #[must_use]
    pub fn rfc2822(self) -> String {
        format!(
            "{}{}",
            self.civil().strftime("%a, %d %b %Y %H:%M:%S "),
            self.numeric_offset("")
        )
    }

    /// RFC 3339 with the offset: `2020-11-02T15:50:00+08:00`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        format!(
            "{}{}",
            self.civil().strftime("%Y-%m-%dT%H:%M:%S"),
            self.numeric_offset(":")
        )
    }

    /// RFC 3339 at UTC, as EPUB's `dcterms:modified` wants it: `2020-11-02T07:50:00Z`.
    #[must_use]
    pub fn rfc3339_utc(self) -> String {
        self.utc().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    fn numeric_offset(self, separator: &str) -> String {
        let minutes = self.offset_minutes();
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.abs();
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    #[test]
    fn a_moment_is_written_as_each_format_wants_it() {
        let moment =
            Moment::from_datetime(datetime(2020, 11, 2, 15, 50, 0, 0), &shanghai()).unwrap();
        assert_eq!(moment.rfc2822(), "Mon, 02 Nov 2020 15:50:00 +0800");
        assert_eq!(moment.rfc3339(), "2020-11-02T15:50:00+08:00");
        assert_eq!(moment.rfc3339_utc(), "2020-11-02T07:50:00Z");
        assert!(moment.has_time());
    }

    #[test]
    fn a_bare_date_begins_at_midnight_where_the_series_is() {
        let moment = Moment::from_date(date(2024, 2, 29), &shanghai()).unwrap();
        assert_eq!(moment.rfc3339_utc(), "2024-02-28T16:00:00Z");
        assert_eq!(moment.date(), date(2024, 2, 29));
        assert!(!moment.has_time());
    }

    #[test]
    fn offsets_west_of_utc_carry_their_sign_once() {
        let zone = TimeZone::fixed(Offset::from_seconds(-(3 * 3600 + 1800)).unwrap());
        let moment = Moment::from_datetime(datetime(2024, 1, 1, 0, 0, 0, 0), &zone).unwrap();
        assert_eq!(moment.rfc3339(), "2024-01-01T00:00:00-03:30");
    }

    #[test]
    fn seconds_are_taken_off_across_midnight() {
        let moment = Moment::from_date(date(2024, 3, 1), &TimeZone::UTC).unwrap();
        assert_eq!(
            moment.minus_seconds(1).rfc3339_utc(),
            "2024-02-29T23:59:59Z"
        );
    }
}

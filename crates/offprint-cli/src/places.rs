//! Lines and columns of many places of one text.

use offprint_core::Place;

/// Tells lines and columns. Places that come in order cost no more together than the last of
/// them alone: a fix may have thousands of edits.
pub(crate) struct Places<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    column: usize,
}

impl<'t> Places<'t> {
    /// Places of the text that `place` is in.
    pub(crate) fn of(place: &'t Place) -> Self {
        Self {
            text: &place.source.text,
            at: 0,
            line: 1,
            column: 1,
        }
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub(crate) fn line_column(&mut self, offset: usize) -> (usize, usize) {
        if offset < self.at {
            (self.at, self.line, self.column) = (0, 1, 1);
        }
        let passed = self.text.get(self.at..offset).unwrap_or_default();
        if let Some(last) = passed.rfind('\n') {
            self.line += passed.bytes().filter(|&byte| byte == b'\n').count();
            self.column = 1;
            let rest = passed.get(last + 1..).unwrap_or_default();
            self.column += rest.chars().count();
        } else {
            self.column += passed.chars().count();
        }
        self.at += passed.len();
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use offprint_core::Source;

    #[test]
    fn places_are_where_each_alone_would_be() {
        let source = Source::new("a.md", "一\r\n二 x\n\n三y\n");
        let whole = Place::new(&source, 0..0);
        let mut places = Places::of(&whole);
        let starts: Vec<usize> = source.text.char_indices().map(|(at, _)| at).collect();
        for &at in starts.iter().chain(starts.iter().rev()) {
            let alone = Place::new(&source, at..at).line_column();
            assert_eq!(places.line_column(at), alone, "{at}");
        }
    }
}

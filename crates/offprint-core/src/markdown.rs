//! Markdown into [`Text`](crate::text::Text). This module alone knows the parser.

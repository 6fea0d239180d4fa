//! Pages of many kinds.

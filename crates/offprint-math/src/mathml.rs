//! Formulas as `MathML` Core.

use std::cell::OnceCell;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use crate::fault::Fault;
use crate::layout::Style;
use crate::source::prepare;

thread_local! {
    static CONVERTER: OnceCell<Option<LatexToMathML>> = const { OnceCell::new() };
}

/// A formula as a `math` element with its namespace, `display` and `alttext` (the TeX), in XML.
///
/// # Errors
///
/// What cannot be read.
pub fn mathml(tex: &str, style: Style) -> Result<String, Fault> {
    let display = match style {
        Style::Inline => MathDisplay::Inline,
        Style::Display => MathDisplay::Block,
    };
    let config = || {
        LatexToMathML::new(MathCoreConfig {
            xml_namespace: true,
            ..MathCoreConfig::default()
        })
        .ok()
    };
    let prepared = prepare(tex);
    CONVERTER.with(|converter| {
        let unknown = || Fault {
            range: 0..tex.len(),
            message: "this formula cannot be read".to_owned(),
            suggestion: None,
        };
        let Some(converter) = converter.get_or_init(config) else {
            return Err(unknown());
        };
        converter
            .convert_with_local_state(&prepared, display)
            .map(|result| result.mathml)
            .map_err(|error| Fault {
                range: error.0.clone(),
                message: error.error_message(),
                suggestion: None,
            })
    })
}

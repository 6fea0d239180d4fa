//! Reads a table of formulas (name, `inline` or `display`, TeX, parted by tabs; `#` begins a
//! remark) and prints what becomes of each as a line of JSON: for looking at.
//!
//! ```sh
//! cargo run -p offprint-math --example formulas < crates/offprint-math/tests/formulas.tsv
//! ```

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use offprint_math::{PictureOptions, Style, Typesetter, check, mathml, words};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let table = std::io::read_to_string(std::io::stdin())?;
    let typesetter = Typesetter::default();
    let mut out = std::io::stdout().lock();
    let start = Instant::now();
    let mut count = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(id), Some(style), Some(tex)) = (columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        let style = if style == "display" {
            Style::Display
        } else {
            Style::Inline
        };
        let drawing = typesetter.set(tex, style);
        let svg = drawing.as_ref().map(|drawing| {
            let svg = drawing.svg(200);
            let mut out = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{}\" \
                 style=\"width:{:.3}em;height:{:.3}em;vertical-align:{:.3}em\" fill=\"currentColor\">",
                svg.view_box, svg.width, svg.height, -svg.depth
            );
            for path in &svg.paths {
                let _ = match path.color {
                    None => write!(out, "<path d=\"{}\"/>", path.data),
                    Some([r, g, b]) => {
                        write!(out, "<path fill=\"rgb({r},{g},{b})\" d=\"{}\"/>", path.data)
                    }
                };
            }
            out + "</svg>"
        });
        let picture = drawing
            .as_ref()
            .and_then(|drawing| drawing.png(PictureOptions::default()))
            .map(|picture| [picture.width, picture.height]);
        count += 1;
        let told = json!({
            "id": id,
            "tex": tex,
            "display": style == Style::Display,
            "error": check(tex).err().map(|fault| fault.message),
            "mathml": mathml(tex, style).ok(),
            "svg": svg,
            "tag": drawing.as_ref().map(|drawing| drawing.tag.is_some()),
            "breaks": drawing.as_ref().map(|drawing| drawing.breaks.len()),
            "picture": picture,
            "plain": words(tex),
            "fallback": drawing.is_none(),
        });
        writeln!(out, "{told}")?;
    }
    writeln!(
        std::io::stderr(),
        "{count} formulas in {:?}",
        start.elapsed()
    )?;
    Ok(())
}

//! QR codes (ISO/IEC 18004) as rectangles of ink.

use std::collections::BTreeMap;

use qrcodegen::{QrCode, QrCodeEcc};

/// A code to be drawn, with a quiet zone of four modules around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// Modules a side, without the quiet zone.
    pub(crate) size: usize,
    /// Together all dark modules; none overlap. From the top, then from the left.
    pub(crate) bars: Vec<Bar>,
}

/// A dark rectangle, in modules from the code's top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// The code of a text that survives the loss of 15 % of it, of a very long text 7 %. `None`
/// for a text that no code holds.
pub(crate) fn code(text: &str) -> Option<Code> {
    let modules = QrCode::encode_text(text, QrCodeEcc::Medium)
        .or_else(|_| QrCode::encode_text(text, QrCodeEcc::Low))
        .ok()?;
    Some(Code {
        size: modules.size() as usize,
        bars: bars(&modules),
    })
}

/// Runs of dark modules, joined with an equal run right below: fewer rectangles, and no seam
/// between them where a reader smooths edges.
fn bars(modules: &QrCode) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    let mut above = BTreeMap::new();
    for y in 0..modules.size() {
        let mut current = BTreeMap::new();
        for (x, width) in runs(modules, y) {
            let place = above.get(&(x, width)).copied().unwrap_or(bars.len());
            if let Some(bar) = bars.get_mut(place) {
                bar.height += 1;
            } else {
                bars.push(Bar {
                    x,
                    y: y as usize,
                    width,
                    height: 1,
                });
            }
            current.insert((x, width), place);
        }
        above = current;
    }
    bars
}

/// Where each run of dark modules of a row begins, and its length.
fn runs(modules: &QrCode, y: i32) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut length = 0;
    // Beyond the side all is light, which ends the last run.
    for x in 0..=modules.size() {
        if modules.get_module(x, y) {
            length += 1;
        } else if length > 0 {
            runs.push((x as usize - length, length));
            length = 0;
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that the bars cover, and how often.
    fn drawn(code: &Code) -> Vec<Vec<u8>> {
        let mut rows = vec![vec![0; code.size]; code.size];
        for bar in &code.bars {
            for row in &mut rows[bar.y..bar.y + bar.height] {
                for module in &mut row[bar.x..bar.x + bar.width] {
                    *module += 1;
                }
            }
        }
        rows
    }

    fn read(code: &Code) -> (rqrr::MetaData, String) {
        let rows = drawn(code);
        let grid = rqrr::SimpleGrid::from_func(code.size, |x, y| rows[y][x] > 0);
        rqrr::Grid::new(grid).decode().unwrap()
    }

    #[test]
    fn a_reader_that_is_not_ours_reads_what_the_bars_draw() {
        for text in [
            "https://doi.org/10.1145/3292500.3330701",
            "https://arxiv.org/abs/2101.00001",
            "https://example.org/论文?a=b&c=%20#top",
            "HTTPS://EXAMPLE.ORG/1",
        ] {
            let (_, content) = read(&code(text).unwrap());
            assert_eq!(content, text);
        }
    }

    #[test]
    fn a_code_is_found_on_a_page_beside_other_ink() {
        let url = "https://openreview.net/forum?id=YicbFdNTTy";
        let code = code(url).unwrap();
        let rows = drawn(&code);
        let (scale, margin) = (4, 16);
        let side = code.size * scale + 2 * margin;
        let mut page = rqrr::PreparedImage::prepare_from_greyscale(side + 40, side, |x, y| {
            let module = |at: usize| at.checked_sub(margin).map(|at| at / scale);
            let is_dark = module(x)
                .zip(module(y))
                .and_then(|(x, y)| rows.get(y)?.get(x))
                .is_some_and(|&times| times > 0);
            if is_dark || x > side + 10 { 0 } else { 255 }
        });
        let grids = page.detect_grids();
        assert_eq!(grids.len(), 1);
        assert_eq!(grids[0].decode().unwrap().1, url);
    }

    #[test]
    fn bars_do_not_overlap_and_are_joined() {
        let code = code("https://doi.org/10.1145/3292500.3330701").unwrap();
        let rows = drawn(&code);
        assert!(rows.iter().flatten().all(|&times| times <= 1));
        // The middle of a finder pattern is one square.
        let middle = Bar {
            x: 2,
            y: 2,
            width: 3,
            height: 3,
        };
        assert!(code.bars.contains(&middle), "{:?}", code.bars);
        let dark = rows.iter().flatten().filter(|&&times| times > 0).count();
        assert!(code.bars.len() * 2 < dark, "{} {dark}", code.bars.len());
    }

    #[test]
    fn long_texts_give_up_redundancy_and_too_long_ones_have_no_code() {
        // The numbers that ISO/IEC 18004 allots to the levels: 0 is M, 1 is L.
        let level = |length: usize| code(&"a".repeat(length)).map(|code| read(&code).0.ecc_level);
        assert_eq!(level(2331), Some(0));
        assert_eq!(level(2332), Some(1));
        assert_eq!(level(2953), Some(1));
        assert_eq!(level(2954), None);
    }
}

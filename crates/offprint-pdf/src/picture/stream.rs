//! Image streams: the fewest bits that keep every pixel, compressed.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::pixels::{Channels, Pixels};

/// What an image dictionary states, and the bytes after it (ISO 32000-2, 8.9.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stream {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) colors: Colors,
    /// Of a sample.
    pub(crate) bits: u8,
    pub(crate) filter: Filter,
    pub(crate) data: Vec<u8>,
}

/// What a sample's value means. All of them are sRGB's by the document's output intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Colors {
    Gray,
    Rgb,
    /// Its place among these colours.
    Palette(Vec<[u8; 3]>),
}

/// How the data are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    Jpeg,
    Flate,
    /// Each row is what the predictors of PNG leave, and begins with the predictor's number.
    PredictedFlate,
}

/// Stores the pixels without loss, in the smallest way known.
///
/// # Errors
/// Those of the compressor.
pub(crate) fn lossless(pixels: Pixels) -> io::Result<Stream> {
    let (colors, bits, values) = match pixels.channels {
        Channels::Rgb => match palette(&pixels.samples) {
            Some((palette, values)) => {
                let bits = bits_for(palette.len());
                (Colors::Palette(palette), bits, values)
            }
            None => (Colors::Rgb, 8, pixels.samples),
        },
        Channels::Gray => {
            let bits = gray_bits(&pixels.samples);
            let step = u8::MAX / (u8::MAX >> (8 - bits));
            let values = pixels.samples.iter().map(|sample| sample / step).collect();
            (Colors::Gray, bits, values)
        }
        Channels::GrayAlpha | Channels::RgbAlpha => {
            return Err(io::Error::other("opacity is a stream of its own"));
        }
    };
    let samples = if colors == Colors::Rgb { 3 } else { 1 };
    let rows = packed(values, pixels.width * samples, bits);
    let row = (pixels.width * samples * usize::from(bits)).div_ceil(8);
    let plain = deflated(&rows)?;
    let predicted = deflated(&predicted(&rows, row, samples))?;
    let (filter, data) = if predicted.len() < plain.len() {
        (Filter::PredictedFlate, predicted)
    } else {
        (Filter::Flate, plain)
    };
    Ok(Stream {
        width: pixels.width,
        height: pixels.height,
        colors,
        bits,
        filter,
        data,
    })
}

/// The colours in the order of their values, and each pixel's place among them; `None` past
/// 256 colours.
fn palette(samples: &[u8]) -> Option<(Vec<[u8; 3]>, Vec<u8>)> {
    let (pixels, _) = samples.as_chunks::<3>();
    let mut colors = BTreeSet::new();
    // Neighbours are often alike.
    for run in pixels.chunk_by(|one, next| one == next) {
        colors.extend(run.first());
        if colors.len() > 256 {
            return None;
        }
    }
    let colors: Vec<[u8; 3]> = colors.into_iter().copied().collect();
    let mut values = Vec::with_capacity(pixels.len());
    for run in pixels.chunk_by(|one, next| one == next) {
        let place = run
            .first()
            .and_then(|color| colors.binary_search(color).ok());
        values.extend(std::iter::repeat_n(place? as u8, run.len()));
    }
    Some((colors, values))
}

fn bits_for(colors: usize) -> u8 {
    match colors {
        0..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8,
    }
}

/// The fewest bits that have every shade.
fn gray_bits(samples: &[u8]) -> u8 {
    let has_all = |step: u8| samples.iter().all(|sample| sample.is_multiple_of(step));
    [(1, 255), (2, 85), (4, 17)]
        .into_iter()
        .find(|&(_, step)| has_all(step))
        .map_or(8, |(bits, _)| bits)
}

/// Values of fewer than 8 bits side by side, the first in the high bits, each row from a new
/// byte.
fn packed(values: Vec<u8>, row: usize, bits: u8) -> Vec<u8> {
    if bits == 8 {
        return values;
    }
    let in_byte = usize::from(8 / bits);
    values
        .chunks(row.max(1))
        .flat_map(|row| row.chunks(in_byte))
        .map(|group| {
            let byte = group.iter().fold(0, |byte, value| byte << bits | value);
            byte << (usize::from(bits) * (in_byte - group.len()))
        })
        .collect()
}

/// What the predictors of PNG leave of rows of `row` bytes, where the left neighbour is
/// `step` bytes away. Each row takes the predictor that leaves the least.
fn predicted(rows: &[u8], row: usize, step: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() + rows.len() / row.max(1) + 1);
    let blank = vec![0; row];
    let mut above = blank.as_slice();
    let mut residue = Vec::with_capacity(row);
    let mut least = Vec::with_capacity(row);
    for current in rows.chunks_exact(row.max(1)) {
        let mut best = None;
        for predictor in Predictor::ALL {
            residue.clear();
            predictor.leave(current, above, step, &mut residue);
            let size: u64 = residue
                .iter()
                .map(|&byte| u64::from(byte.cast_signed().unsigned_abs()))
                .sum();
            if best.is_none_or(|(smallest, _)| size < smallest) {
                best = Some((size, predictor));
                std::mem::swap(&mut least, &mut residue);
            }
        }
        out.push(best.map_or(0, |(_, predictor)| predictor as u8));
        out.append(&mut least);
        above = current;
    }
    out
}

/// The filter types of PNG (W3C PNG, 9.2).
#[derive(Clone, Copy)]
enum Predictor {
    None,
    Sub,
    Up,
    Average,
    Paeth,
}

impl Predictor {
    const ALL: [Self; 5] = [Self::None, Self::Sub, Self::Up, Self::Average, Self::Paeth];

    fn leave(self, row: &[u8], above: &[u8], step: usize, out: &mut Vec<u8>) {
        let edge = || std::iter::repeat_n(&0, step);
        let left = edge().chain(row);
        let corner = edge().chain(above);
        match self {
            Self::None => out.extend_from_slice(row),
            Self::Sub => out.extend(row.iter().zip(left).map(|(x, a)| x.wrapping_sub(*a))),
            Self::Up => out.extend(row.iter().zip(above).map(|(x, b)| x.wrapping_sub(*b))),
            Self::Average => out.extend(
                row.iter()
                    .zip(left.zip(above))
                    .map(|(x, (a, b))| x.wrapping_sub(a.midpoint(*b))),
            ),
            Self::Paeth => out.extend(
                row.iter()
                    .zip(left.zip(above.iter().zip(corner)))
                    .map(|(x, (a, (b, c)))| x.wrapping_sub(paeth(*a, *b, *c))),
            ),
        }
    }
}

/// Whichever of left, above and corner is nearest to left + above - corner.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let (to_left, to_above, to_corner) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    if to_left <= to_above && to_left <= to_corner {
        left
    } else if to_above <= to_corner {
        above
    } else {
        corner
    }
}

fn deflated(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(data)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn stream(width: usize, channels: Channels, samples: Vec<u8>) -> Stream {
        let step = if channels == Channels::Rgb { 3 } else { 1 };
        lossless(Pixels {
            width,
            height: samples.len() / width / step,
            channels,
            samples,
        })
        .unwrap()
    }

    fn inflated(data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        flate2::read::ZlibDecoder::new(data)
            .read_to_end(&mut out)
            .unwrap();
        out
    }

    #[test]
    fn gray_takes_the_fewest_bits_that_have_every_shade() {
        let bits = |samples: &[u8]| stream(samples.len(), Channels::Gray, samples.to_vec()).bits;
        assert_eq!(bits(&[0, 255, 0]), 1);
        assert_eq!(bits(&[0, 85, 255]), 2);
        assert_eq!(bits(&[17, 85, 238]), 4);
        assert_eq!(bits(&[17, 85, 239]), 8);
    }

    #[test]
    fn values_are_packed_from_the_high_bits_and_rows_begin_a_byte() {
        let rows = stream(3, Channels::Gray, vec![255, 0, 255, 0, 255, 0]);
        assert_eq!(rows.filter, Filter::Flate);
        assert_eq!(inflated(&rows.data), [0b1010_0000, 0b0100_0000]);
        let shades = stream(3, Channels::Gray, vec![17, 34, 51]);
        assert_eq!(inflated(&shades.data), [0x12, 0x30]);
    }

    #[test]
    fn few_colours_are_a_palette_and_many_are_not() {
        let sample = |count: u16| {
            (0..count)
                .flat_map(|n| [n as u8, (n >> 8) as u8, 77])
                .collect::<Vec<u8>>()
        };
        for (count, bits) in [(2, 1), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8)] {
            let few = stream(count.into(), Channels::Rgb, sample(count));
            let Colors::Palette(palette) = few.colors else {
                panic!("{count}");
            };
            assert_eq!((palette.len(), few.bits), (count.into(), bits));
            assert_eq!(palette[1], [1, 0, 77]);
        }
        let many = stream(257, Channels::Rgb, sample(257));
        assert_eq!((many.colors, many.bits), (Colors::Rgb, 8));
    }

    /// Undoes the predictors as a reader does.
    fn restored(data: &[u8], row: usize, step: usize) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        for line in data.chunks(row + 1) {
            let start = out.len();
            for x in 0..row {
                let left = if x < step { 0 } else { out[start + x - step] };
                let above = if start == 0 { 0 } else { out[start - row + x] };
                let corner = if start == 0 || x < step {
                    0
                } else {
                    out[start - row + x - step]
                };
                let guess = match line[0] {
                    0 => 0,
                    1 => left,
                    2 => above,
                    3 => ((u16::from(left) + u16::from(above)) >> 1) as u8,
                    4 => paeth(left, above, corner),
                    other => panic!("{other}"),
                };
                out.push(line[x + 1].wrapping_add(guess));
            }
        }
        out
    }

    #[test]
    fn a_gradient_is_predicted_and_comes_back_whole() {
        let samples: Vec<u8> = (0..60_usize)
            .flat_map(|y| (0..60).flat_map(move |x| [x * 4, y * 4, (x * y) % 256]))
            .map(|value| value as u8)
            .collect();
        let gradient = stream(60, Channels::Rgb, samples.clone());
        assert_eq!(gradient.filter, Filter::PredictedFlate);
        assert!(gradient.data.len() < samples.len() / 4);
        let rows = inflated(&gradient.data);
        let used: BTreeSet<u8> = rows.chunks(181).map(|row| row[0]).collect();
        assert!(used.len() > 1, "{used:?}");
        assert_eq!(restored(&rows, 180, 3), samples);
    }

    #[test]
    fn every_predictor_comes_back_whole() {
        let rows: Vec<u8> = (0..240_u32).map(|n| (n * n * 7 + n / 3) as u8).collect();
        for predictor in Predictor::ALL {
            let mut data = Vec::new();
            let mut above: &[u8] = &[0; 24];
            for row in rows.chunks(24) {
                data.push(predictor as u8);
                predictor.leave(row, above, 3, &mut data);
                above = row;
            }
            assert_eq!(restored(&data, 24, 3), rows);
        }
    }
}

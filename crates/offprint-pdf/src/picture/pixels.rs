//! Pixels, scaled down to what print shows, and parted from what need not be stored.

use std::collections::VecDeque;

use image::{ColorType, DynamicImage};

/// Samples of 8 bits, row by row from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) channels: Channels,
    pub(crate) samples: Vec<u8>,
}

/// What a pixel's samples mean, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channels {
    Gray,
    GrayAlpha,
    Rgb,
    RgbAlpha,
}

impl Pixels {
    pub(crate) fn new(image: DynamicImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the crate may learn more layouts, and all of them convert to RGB"
        )]
        let (channels, samples) = match image.color() {
            ColorType::L8 | ColorType::L16 => (Channels::Gray, image.into_luma8().into_raw()),
            ColorType::La8 | ColorType::La16 => {
                (Channels::GrayAlpha, image.into_luma_alpha8().into_raw())
            }
            ColorType::Rgba8 | ColorType::Rgba16 | ColorType::Rgba32F => {
                (Channels::RgbAlpha, image.into_rgba8().into_raw())
            }
            _ => (Channels::Rgb, image.into_rgb8().into_raw()),
        };
        Self {
            width,
            height,
            channels,
            samples,
        }
    }

    /// Scaled down to at most these sides; a side that is short enough stays.
    pub(crate) fn scaled(self, width: usize, height: usize) -> Self {
        let (width, height) = (width.clamp(1, self.width), height.clamp(1, self.height));
        if (width, height) == (self.width, self.height) {
            return self;
        }
        let samples = match self.channels {
            Channels::Gray => self.resampled::<1>(width, height),
            Channels::GrayAlpha => self.resampled::<2>(width, height),
            Channels::Rgb => self.resampled::<3>(width, height),
            Channels::RgbAlpha => self.resampled::<4>(width, height),
        };
        Self {
            width,
            height,
            channels: self.channels,
            samples,
        }
    }

    /// Scaled with Catmull and Rom's filter. Only the rows that a row of the result is made
    /// of are held: floating point samples of the whole picture would need gigabytes.
    fn resampled<const N: usize>(&self, width: usize, height: usize) -> Vec<u8> {
        let has_alpha = matches!(self.channels, Channels::GrayAlpha | Channels::RgbAlpha);
        let (pixels, _) = self.samples.as_chunks::<N>();
        let across = taps(self.width, width);
        let mut sources = pixels.chunks_exact(self.width.max(1));
        let mut rows: VecDeque<Vec<[f32; N]>> = VecDeque::new();
        let mut passed = 0;
        let mut out = Vec::with_capacity(width * height * N);
        for down in taps(self.height, height) {
            while passed < down.first + down.weights.len() {
                let Some(source) = sources.next() else { break };
                let row: Vec<[f32; N]> = source.iter().map(|p| weighed(*p, has_alpha)).collect();
                rows.push_back(across.iter().map(|taps| taps.sum(&row)).collect());
                passed += 1;
            }
            while passed - rows.len() < down.first && rows.pop_front().is_some() {}
            for x in 0..width {
                let column = rows.iter().filter_map(|row| row.get(x));
                let sum = down.weights.iter().zip(column);
                out.extend(seen(weighted(sum), has_alpha));
            }
        }
        out
    }

    /// The colours and how opaque each pixel is; no opacity where every pixel is opaque.
    pub(crate) fn parted(self) -> (Self, Option<Self>) {
        let (channels, step) = match self.channels {
            Channels::Gray | Channels::Rgb => return (self, None),
            Channels::GrayAlpha => (Channels::Gray, 2),
            Channels::RgbAlpha => (Channels::Rgb, 4),
        };
        let mut colors = Vec::with_capacity(self.samples.len());
        let mut alpha = Vec::with_capacity(self.samples.len() / step);
        for pixel in self.samples.chunks_exact(step) {
            if let Some((&opacity, color)) = pixel.split_last() {
                // Readers smooth colours and opacity apart: what lies hidden at an edge
                // shows as a fringe unless it is as white as the paper.
                if opacity == 0 {
                    colors.extend(color.iter().map(|_| u8::MAX));
                } else {
                    colors.extend_from_slice(color);
                }
                alpha.push(opacity);
            }
        }
        let is_opaque = alpha.iter().all(|&opacity| opacity == u8::MAX);
        let part = |channels, samples| Self {
            width: self.width,
            height: self.height,
            channels,
            samples,
        };
        let opacity = (!is_opaque).then(|| part(Channels::Gray, alpha));
        (part(channels, colors), opacity)
    }

    /// As bright as it was (ITU-R BT.601), without its hues.
    pub(crate) fn gray(self) -> Self {
        let (channels, step) = match self.channels {
            Channels::Gray | Channels::GrayAlpha => return self,
            Channels::Rgb => (Channels::Gray, 3),
            Channels::RgbAlpha => (Channels::GrayAlpha, 4),
        };
        let mut samples = Vec::with_capacity(self.samples.len() / 2);
        for pixel in self.samples.chunks_exact(step) {
            if let [red, green, blue, alpha @ ..] = pixel {
                let [red, green, blue] = [*red, *green, *blue].map(u32::from);
                samples.push(((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8);
                samples.extend_from_slice(alpha);
            }
        }
        Self {
            channels,
            samples,
            ..self
        }
    }

    /// As grey where no pixel has a hue.
    pub(crate) fn without_needless_hue(self) -> Self {
        let (pixels, _) = self.samples.as_chunks::<3>();
        let is_gray = |[red, green, blue]: &[u8; 3]| red == green && green == blue;
        if self.channels != Channels::Rgb || !pixels.iter().all(is_gray) {
            return self;
        }
        Self {
            channels: Channels::Gray,
            samples: pixels.iter().map(|&[gray, ..]| gray).collect(),
            ..self
        }
    }
}

/// Colours count as much as they are seen.
fn weighed<const N: usize>(pixel: [u8; N], has_alpha: bool) -> [f32; N] {
    let mut pixel = pixel.map(f32::from);
    if has_alpha && let Some((opacity, color)) = pixel.split_last_mut() {
        for sample in color {
            *sample *= *opacity / 255.0;
        }
    }
    pixel
}

fn seen<const N: usize>(mut pixel: [f32; N], has_alpha: bool) -> [u8; N] {
    if has_alpha && let Some((opacity, color)) = pixel.split_last_mut() {
        let is_seen = *opacity >= 0.5;
        for sample in color {
            *sample = if is_seen {
                *sample * 255.0 / *opacity
            } else {
                255.0
            };
        }
    }
    // The cast holds what the filter overshoots.
    pixel.map(|sample| sample.round() as u8)
}

/// The neighbouring samples that one sample of the result is made of.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

impl Taps {
    fn sum<const N: usize>(&self, row: &[[f32; N]]) -> [f32; N] {
        weighted(self.weights.iter().zip(row.iter().skip(self.first)))
    }
}

fn weighted<'a, const N: usize>(terms: impl Iterator<Item = (&'a f32, &'a [f32; N])>) -> [f32; N] {
    let mut sum = [0.0; N];
    for (weight, pixel) in terms {
        for (total, sample) in sum.iter_mut().zip(pixel) {
            *total += weight * sample;
        }
    }
    sum
}

/// How each of `to` samples is made of `from` that are at least as many.
fn taps(from: usize, to: usize) -> Vec<Taps> {
    let scale = from as f64 / to as f64;
    (0..to)
        .map(|place| {
            let center = (place as f64 + 0.5) * scale - 0.5;
            let first = (center - 2.0 * scale).ceil().max(0.0) as usize;
            let last = ((center + 2.0 * scale).floor() as usize).min(from.saturating_sub(1));
            let weight = |at: usize| catmull_rom((at as f64 - center) / scale);
            let total: f64 = (first..=last).map(weight).sum();
            Taps {
                first,
                weights: (first..=last)
                    .map(|at| (weight(at) / total) as f32)
                    .collect(),
            }
        })
        .collect()
}

/// A cubic that has no sines, and so the same bits on every machine.
fn catmull_rom(distance: f64) -> f64 {
    let x = distance.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(width: usize, height: usize, channels: Channels, samples: Vec<u8>) -> Pixels {
        Pixels {
            width,
            height,
            channels,
            samples,
        }
    }

    #[test]
    fn an_even_field_stays_what_it_was_at_any_scale() {
        for side in 1..=13 {
            let field = pixels(13, 13, Channels::Rgb, [10, 128, 255].repeat(169));
            let small = field.scaled(side, 14 - side);
            assert_eq!((small.width, small.height), (side, 14 - side));
            assert_eq!(small.samples, [10, 128, 255].repeat(side * (14 - side)));
        }
    }

    #[test]
    fn a_ramp_stays_a_ramp() {
        let ramp: Vec<u8> = (0..64_u8).map(|x| x * 4).collect();
        let small = pixels(64, 1, Channels::Gray, ramp).scaled(16, 1);
        // The mean of four neighbours, but at the ends, where neighbours lack.
        for (place, &value) in small.samples.iter().enumerate().take(14).skip(2) {
            assert_eq!(usize::from(value), place * 16 + 6, "{:?}", small.samples);
        }
    }

    #[test]
    fn scaling_is_as_good_as_that_of_the_image_crate() {
        let noise = image::GrayImage::from_fn(61, 47, |x, y| {
            image::Luma([((x * 97 + y * 57 + x * y * 13) % 251) as u8])
        });
        let filter = image::imageops::FilterType::CatmullRom;
        let theirs = image::imageops::resize(&noise, 23, 31, filter);
        let ours = Pixels::new(noise.into()).scaled(23, 31);
        for (ours, theirs) in ours.samples.iter().zip(theirs.as_raw()) {
            assert!(ours.abs_diff(*theirs) <= 1, "{ours} {theirs}");
        }
    }

    #[test]
    fn hidden_black_does_not_darken_what_is_seen() {
        let mut samples = [0, 0, 0, 0].repeat(8);
        samples.extend([250, 200, 150, 255].repeat(8));
        let small = pixels(16, 1, Channels::RgbAlpha, samples).scaled(5, 1);
        for pixel in small.samples.chunks(4).filter(|pixel| pixel[3] > 0) {
            assert!(pixel[0] >= 248 && pixel[2] >= 148, "{:?}", small.samples);
        }
        let edge = small.samples[2 * 4 + 3];
        assert!((100..=155).contains(&edge), "{:?}", small.samples);
    }

    #[test]
    fn opacity_is_kept_where_there_is_any() {
        let solid = pixels(2, 1, Channels::GrayAlpha, vec![7, 255, 9, 255]);
        assert_eq!(
            solid.parted(),
            (pixels(2, 1, Channels::Gray, vec![7, 9]), None)
        );
        let clear = pixels(2, 1, Channels::GrayAlpha, vec![7, 0, 9, 128]);
        let (colors, opacity) = clear.parted();
        // The first pixel is seen by nobody, and white as the paper.
        assert_eq!(colors.samples, [255, 9]);
        assert_eq!(opacity.unwrap().samples, [0, 128]);
    }

    #[test]
    fn grey_is_as_bright_as_the_colour_and_keeps_its_opacity() {
        let color = pixels(
            2,
            1,
            Channels::RgbAlpha,
            vec![255, 255, 255, 9, 0, 255, 0, 7],
        );
        let gray = color.gray();
        assert_eq!(gray.channels, Channels::GrayAlpha);
        assert_eq!(gray.samples, [255, 9, 150, 7]);
    }

    #[test]
    fn hues_are_dropped_only_where_there_are_none() {
        let gray = pixels(2, 1, Channels::Rgb, vec![7, 7, 7, 9, 9, 9]);
        assert_eq!(
            gray.without_needless_hue(),
            pixels(2, 1, Channels::Gray, vec![7, 9])
        );
        let tinted = pixels(2, 1, Channels::Rgb, vec![7, 7, 7, 9, 9, 8]);
        assert_eq!(tinted.clone().without_needless_hue(), tinted);
    }
}

//! The cover of an issue without a picture of its own: its words on paper and one colour.

use std::collections::BTreeSet;

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use offprint_core::colophon::imprint;
use offprint_core::model::{Issue, Series};
use offprint_core::words::Words;
use zeno::{Command, Mask, Origin, Vector};

use crate::lettering::{self, Cluster, Faces, Weight};
use crate::{kindle, metadata};

/// The size that Kindle's store asks for, in pixels.
const WIDTH: usize = 1600;
const HEIGHT: usize = 2560;

const MARGIN: f32 = 140.0;
/// Where the coloured block ends.
const BLOCK: usize = 860;
/// The side of the folded corner.
const FOLD: usize = 250;

const PAPER: Rgb = [250, 248, 243];
const INK: Rgb = [33, 33, 36];
const GREY: Rgb = [104, 102, 98];
const WHITE: Rgb = [255, 255, 255];

/// In which sizes a book's years are tried, in pixels, and on how many lines.
const BOOK_SIZES: [(f32, usize); 6] = [
    (420.0, 1),
    (280.0, 1),
    (220.0, 1),
    (168.0, 2),
    (120.0, 3),
    (96.0, 4),
];

/// A series keeps one of these for all its covers; white text reads well on each.
const ACCENTS: [Rgb; 7] = [
    [30, 74, 118],
    [16, 92, 92],
    [44, 90, 58],
    [142, 52, 40],
    [92, 52, 106],
    [56, 66, 84],
    [122, 80, 24],
];

type Rgb = [u8; 3];

/// A drawn cover.
pub(crate) struct Drawing {
    sheet: Sheet,
    accent: Rgb,
    /// Characters that could not be drawn.
    pub missing: BTreeSet<char>,
}

impl Drawing {
    /// The picture as a PNG file.
    ///
    /// # Errors
    /// When the picture cannot be encoded.
    pub(crate) fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        self.sheet.png(self.accent)
    }

    /// The picture as a JPEG file.
    ///
    /// # Errors
    /// When the picture cannot be encoded.
    pub(crate) fn jpeg(&self) -> Result<Vec<u8>, image::ImageError> {
        self.sheet.jpeg(self.accent)
    }
}

/// Shades from one colour to another: what the edges of letters need on a ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ramp {
    InkOnPaper,
    GreyOnPaper,
    AccentOnPaper,
    WhiteOnAccent,
    PaperOnFold,
}

impl Ramp {
    const ALL: [Self; 5] = [
        Self::InkOnPaper,
        Self::GreyOnPaper,
        Self::AccentOnPaper,
        Self::WhiteOnAccent,
        Self::PaperOnFold,
    ];

    /// As many as the eye tells apart at an edge of this fineness; more make the file larger.
    const SHADES: u8 = 8;

    /// The palette's entry for a shade, from 0.
    fn entry(self, shade: u8) -> u8 {
        self as u8 * Self::SHADES + shade
    }

    fn colors(self, accent: Rgb) -> (Rgb, Rgb) {
        match self {
            Self::InkOnPaper => (PAPER, INK),
            Self::GreyOnPaper => (PAPER, GREY),
            Self::AccentOnPaper => (PAPER, accent),
            Self::WhiteOnAccent => (accent, WHITE),
            Self::PaperOnFold => (mix(accent, WHITE, 2), PAPER),
        }
    }
}

/// The colour at one of the shades on the way from one colour to another.
fn mix(from: Rgb, to: Rgb, shade: u8) -> Rgb {
    let mut mixed = from;
    for (channel, to) in mixed.iter_mut().zip(to) {
        let (start, end) = (u32::from(*channel), u32::from(to));
        let (shade, last) = (u32::from(shade), u32::from(Ramp::SHADES - 1));
        *channel = ((start * (last - shade) + end * shade + last / 2) / last) as u8;
    }
    mixed
}

/// Draws the cover of an issue.
pub(crate) fn draw(series: &Series, issue: &Issue) -> Drawing {
    let words = Words::of(&issue.lang);
    let mut sheet = Sheet {
        pixels: vec![Ramp::InkOnPaper.entry(0); WIDTH * HEIGHT],
        is_chinese: words == Words::Chinese,
        missing: BTreeSet::new(),
    };
    let bold = Faces::new(Weight::Bold);
    let regular = Faces::new(Weight::Regular);

    sheet.rectangle(0, 0, WIDTH, BLOCK, Ramp::WhiteOnAccent.entry(0));
    sheet.rectangle(WIDTH - FOLD, 0, FOLD, FOLD, Ramp::PaperOnFold.entry(0));
    let (left, right, fold) = ((WIDTH - FOLD) as f32, WIDTH as f32, FOLD as f32);
    let corner = [(left, 0.0), (right, 0.0), (right, fold)];
    sheet.fill(&polygon(&corner), Ramp::PaperOnFold);

    let mut title = issue.title.as_str();
    let years = issue.short_title.as_deref();
    let years = years.filter(|years| !issue.parts.is_empty() && *years != title);
    if let Some(years) = years {
        // The years of a book are seen from afar, and its series below them.
        let bottom = BLOCK as f32 - 100.0;
        let years = sheet.set(&bold, years, &BOOK_SIZES, bottom);
        sheet.above(&bold, &years, bottom, Ramp::WhiteOnAccent);
        title = series.title.as_str();
    } else {
        sheet.block(
            &regular,
            &bold,
            imprint(series, issue).filter(|name| *name != issue.title),
            words.number(issue),
        );
    }
    let rule = sheet.foot(&regular, issue, words);
    sheet.middle(&regular, &bold, title, issue.subtitle.as_deref(), rule);

    Drawing {
        accent: accent(series),
        missing: std::mem::take(&mut sheet.missing),
        sheet,
    }
}

fn accent(series: &Series) -> Rgb {
    let uuid = metadata::series_uuid(series);
    let [.., last] = *uuid.as_bytes();
    let index = usize::from(last) % ACCENTS.len();
    ACCENTS.get(index).copied().unwrap_or(INK)
}

fn polygon(points: &[(f32, f32)]) -> Vec<Command> {
    let mut path = Vec::with_capacity(points.len() + 1);
    for &(x, y) in points {
        let point = Vector::new(x, y);
        path.push(if path.is_empty() {
            Command::MoveTo(point)
        } else {
            Command::LineTo(point)
        });
    }
    path.push(Command::Close);
    path
}

/// Lines of text, ready to be drawn.
struct Lines {
    size: f32,
    lines: Vec<Vec<Cluster>>,
}

impl Lines {
    /// From one baseline to the next.
    fn leading(&self) -> f32 {
        self.size * 1.32
    }

    fn height(&self) -> f32 {
        self.leading() * self.lines.len() as f32
    }
}

/// The cover while it is drawn: an entry of the palette for each pixel.
struct Sheet {
    pixels: Vec<u8>,
    is_chinese: bool,
    missing: BTreeSet<char>,
}

impl Sheet {
    /// Who publishes it, on the coloured block.
    fn block(
        &mut self,
        regular: &Faces,
        bold: &Faces,
        imprint: Option<&str>,
        number: Option<String>,
    ) {
        let mut bottom = BLOCK as f32 - 100.0;
        if let Some(number) = number {
            let number = self.set(regular, &number, &[(56.0, 1)], bottom);
            bottom -= self.above(regular, &number, bottom, Ramp::WhiteOnAccent) + 24.0;
        }
        if let Some(imprint) = imprint {
            let sizes = [(96.0, 1), (80.0, 2), (64.0, 3)];
            let imprint = self.set(bold, imprint, &sizes, bottom);
            self.above(bold, &imprint, bottom, Ramp::WhiteOnAccent);
        }
    }

    /// Who wrote it, when, and how much it is; returns where the rule above stands.
    fn foot(&mut self, regular: &Faces, issue: &Issue, words: Words) -> f32 {
        let mut facts = vec![words.moment(issue.date)];
        facts.extend(issue.event.as_ref().map(|event| event.name.clone()));
        facts.push(words.papers(issue.papers().count()));
        let names: Vec<&str> = issue
            .authors
            .iter()
            .map(|author| author.name.as_str())
            .collect();
        let mut bottom = HEIGHT as f32 - 150.0;
        for line in [facts.join(" · "), names.join(words.comma())] {
            if !line.is_empty() {
                let line = self.set(regular, &line, &[(52.0, 1), (44.0, 1)], bottom);
                bottom -= self.above(regular, &line, bottom, Ramp::GreyOnPaper) + 16.0;
            }
        }
        let rule = bottom - 40.0;
        let entry = Ramp::AccentOnPaper.entry(Ramp::SHADES - 1);
        self.rectangle(MARGIN as usize, rule as usize, 180, 8, entry);
        rule
    }

    /// Title and subtitle, between the block and the rule.
    fn middle(
        &mut self,
        regular: &Faces,
        bold: &Faces,
        title: &str,
        subtitle: Option<&str>,
        rule: f32,
    ) {
        let top = BLOCK as f32 + 150.0;
        let mut room = rule - 80.0 - top;
        let subtitle = subtitle
            .map(|subtitle| self.set(regular, subtitle, &[(64.0, 2), (56.0, 3)], room / 3.0));
        if let Some(subtitle) = &subtitle {
            room -= subtitle.height() + 50.0;
        }
        // The shorter the larger.
        let sizes = [
            (168.0, 2),
            (152.0, 3),
            (136.0, 3),
            (120.0, 4),
            (104.0, 5),
            (88.0, 7),
            (72.0, 9),
        ];
        let title = self.set(bold, title, &sizes, room);
        let height = self.below(bold, &title, top, Ramp::InkOnPaper);
        if let Some(subtitle) = &subtitle {
            self.below(regular, subtitle, top + height + 50.0, Ramp::GreyOnPaper);
        }
    }

    /// Sets a text in the first of the sizes in which it takes no more than so many lines
    /// and the height that is there, else in the last, cut off.
    fn set(&mut self, faces: &Faces, text: &str, sizes: &[(f32, usize)], height: f32) -> Lines {
        let clusters = lettering::shape(faces, text, self.is_chinese, &mut self.missing);
        let ellipsis = lettering::shape(faces, "…", false, &mut self.missing);
        let measure = WIDTH as f32 - 2.0 * MARGIN;
        let mut set = Lines {
            size: 0.0,
            lines: Vec::new(),
        };
        let mut most = 1;
        for &(size, lines) in sizes {
            set.size = size;
            set.lines = lettering::lines(text, &clusters, measure / size)
                .into_iter()
                .filter_map(|line| clusters.get(line).map(<[Cluster]>::to_vec))
                .collect();
            most = lines.min((height / set.leading()) as usize).max(1);
            if set.lines.len() <= most {
                return set;
            }
        }
        set.lines.truncate(most);
        if let Some(last) = set.lines.last_mut() {
            let room = measure / set.size - lettering::width(&ellipsis);
            while lettering::width(last) > room && last.pop().is_some() {}
            last.extend(ellipsis);
        }
        set
    }

    /// Draws lines downwards from `top`; returns their height.
    fn below(&mut self, faces: &Faces, text: &Lines, top: f32, ramp: Ramp) -> f32 {
        for (index, line) in text.lines.iter().enumerate() {
            // The ascent of Noto Sans SC's characters is 0.88 em.
            let baseline = top + text.leading() * index as f32 + text.size * 0.88;
            let path = lettering::outlines(faces, line, text.size, MARGIN, baseline);
            self.fill(&path, ramp);
        }
        text.height()
    }

    /// Draws lines so that they end at `bottom`; returns their height.
    fn above(&mut self, faces: &Faces, text: &Lines, bottom: f32, ramp: Ramp) -> f32 {
        self.below(faces, text, bottom - text.height(), ramp)
    }

    fn rectangle(&mut self, x: usize, y: usize, width: usize, height: usize, entry: u8) {
        for row in self.pixels.chunks_exact_mut(WIDTH).skip(y).take(height) {
            if let Some(pixels) = row.get_mut(x..x + width) {
                pixels.fill(entry);
            }
        }
    }

    fn fill(&mut self, path: &[Command], ramp: Ramp) {
        let (mask, place) = Mask::new(path).origin(Origin::TopLeft).render();
        let rows = mask.chunks_exact((place.width as usize).max(1));
        for (row, coverage) in rows.enumerate() {
            let y = place.top + row as i32;
            for (column, &coverage) in coverage.iter().enumerate() {
                let shade = (u32::from(coverage) * u32::from(Ramp::SHADES) / 256) as u8;
                let x = place.left + column as i32;
                let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
                    continue;
                };
                if shade == 0 || x >= WIDTH {
                    continue;
                }
                if let Some(pixel) = self.pixels.get_mut(y * WIDTH + x) {
                    *pixel = (*pixel).max(ramp.entry(shade));
                }
            }
        }
    }

    /// The colours that pixels name by their numbers.
    fn palette(accent: Rgb) -> Vec<Rgb> {
        let shades = Ramp::ALL.into_iter().flat_map(|ramp| {
            let (from, to) = ramp.colors(accent);
            (0..Ramp::SHADES).map(move |shade| mix(from, to, shade))
        });
        shades.collect()
    }

    fn jpeg(&self, accent: Rgb) -> Result<Vec<u8>, image::ImageError> {
        let palette = Self::palette(accent);
        let pixels = self.pixels.iter();
        let pixels: Vec<u8> = pixels
            .flat_map(|&entry| palette.get(usize::from(entry)).copied().unwrap_or(PAPER))
            .collect();
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, kindle::COVER).encode(
            &pixels,
            WIDTH as u32,
            HEIGHT as u32,
            ExtendedColorType::Rgb8,
        )?;
        Ok(file)
    }

    fn png(&self, accent: Rgb) -> Result<Vec<u8>, png::EncodingError> {
        let palette: Vec<u8> = Self::palette(accent).into_iter().flatten().collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, WIDTH as u32, HEIGHT as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(palette);
        // Runs of one entry pack best as they are.
        encoder.set_filter(png::Filter::NoFilter);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView as _, Rgba};

    use super::*;
    use crate::samples;

    #[test]
    fn as_a_jpeg_the_cover_is_the_same_picture() {
        let drawing = draw(&samples::series(), &samples::bare());
        let [png, jpeg] = [drawing.png().unwrap(), drawing.jpeg().unwrap()]
            .map(|file| image::load_from_memory(&file).unwrap().to_rgb8());
        assert_eq!(png.dimensions(), jpeg.dimensions());
        let differences = png.iter().zip(jpeg.iter());
        let total: u64 = differences
            .map(|(one, other)| u64::from(one.abs_diff(*other)))
            .sum();
        assert!(total / (png.len() as u64) < 2, "{total}");
    }

    fn drawn(issue: &Issue) -> image::DynamicImage {
        let drawing = draw(&samples::series(), issue);
        image::load_from_memory(&drawing.png().unwrap()).unwrap()
    }

    /// Whether anything but paper is drawn between two heights.
    fn has_marks(picture: &image::DynamicImage, top: u32, bottom: u32) -> bool {
        let [red, green, blue] = PAPER;
        let paper = Rgba([red, green, blue, 255]);
        (top..bottom).any(|y| (0..picture.width()).any(|x| picture.get_pixel(x, y) != paper))
    }

    #[test]
    fn a_cover_has_the_size_that_stores_want_and_the_accent_of_its_series() {
        let picture = drawn(&samples::bare());
        assert_eq!(picture.dimensions(), (1600, 2560));
        let [red, green, blue] = accent(&samples::series());
        assert_eq!(picture.get_pixel(10, 10), Rgba([red, green, blue, 255]));
    }

    #[test]
    fn however_long_the_title_it_ends_above_the_rule() {
        for length in [1, 40, 400] {
            let mut issue = samples::bare();
            issue.title = "长标题 Title".repeat(length);
            issue.subtitle = Some("副标题".repeat(length));
            let picture = drawn(&issue);
            assert!(has_marks(&picture, 1000, 1200), "{length}");
            // Without authors the rule stands at 2286.
            assert!(!has_marks(&picture, 2215, 2280), "{length}");
            assert!(!has_marks(&picture, 2450, 2560), "{length}");
        }
    }

    #[test]
    fn nothing_is_drawn_over_the_margins() {
        let mut issue = samples::bare();
        issue.title = "A".repeat(300);
        let picture = drawn(&issue);
        let [red, green, blue] = PAPER;
        let paper = Rgba([red, green, blue, 255]);
        for y in 900..2560 {
            for x in (0..130).chain(1470..1600) {
                assert_eq!(picture.get_pixel(x, y), paper, "{x}, {y}");
            }
        }
    }

    #[test]
    fn the_years_of_a_book_stand_large_above_its_series() {
        let (book, _) = samples::book("en");
        let issue = Issue {
            parts: Vec::new(),
            ..book.clone()
        };
        let [red, green, blue] = accent(&samples::series());
        // The highest row with white in it, left of the folded corner.
        let top = |picture: &image::DynamicImage| {
            let is_white = |x, y| {
                let pixel = picture.get_pixel(x, y);
                pixel != Rgba([red, green, blue, 255])
            };
            (0..860).find(|y| (0..1340).any(|x| is_white(x, *y)))
        };
        let (book, issue) = (drawn(&book), drawn(&issue));
        let (large, small) = (top(&book).unwrap(), top(&issue).unwrap());
        assert!(large + 150 < small, "{large}, {small}");
        assert!(has_marks(&book, 1000, 1200));
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let mut issue = samples::bare();
        issue.title = "مرحبا a".to_owned();
        let drawing = draw(&samples::series(), &issue);
        assert!(drawing.missing.contains(&'م'));
        assert!(!drawing.missing.contains(&'a'));
    }

    #[test]
    fn equal_issues_give_equal_covers() {
        let draw = || draw(&samples::series(), &samples::bare()).png().unwrap();
        assert_eq!(draw(), draw());
    }
}

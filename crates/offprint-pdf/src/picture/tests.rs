use std::collections::BTreeMap;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder as _, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use offprint_core::asset::Asset;

use super::*;

/// Far more room than any picture here fills.
const WALL: Size = Size {
    width: 1000.0,
    height: 1000.0,
};

fn asset(image: &DynamicImage, format: ImageFormat) -> Asset {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    Asset::read("x", bytes.into_inner()).unwrap()
}

fn png(image: impl Into<DynamicImage>) -> Picture {
    prepare(&asset(&image.into(), ImageFormat::Png), WALL, Ink::Color).unwrap()
}

/// A landscape with a red left half and a blue right half.
fn flag() -> RgbImage {
    RgbImage::from_fn(48, 32, |x, _| {
        if x < 24 {
            Rgb([220, 20, 20])
        } else {
            Rgb([20, 20, 220])
        }
    })
}

/// Smooth, with more colours than a palette holds.
fn photograph(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, 90])
    })
}

fn exif_jpeg(image: &RgbImage, orientation: u8) -> Asset {
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 95);
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    encoder.set_exif_metadata(tiff).unwrap();
    encoder.encode_image(image).unwrap();
    Asset::read("x.jpg", jpeg).unwrap()
}

fn shown(stream: &Stream) -> RgbImage {
    assert_eq!(stream.filter, Filter::Jpeg);
    image::load_from_memory(&stream.data).unwrap().into_rgb8()
}

fn is_near(pixel: Rgb<u8>, color: [u8; 3]) -> bool {
    pixel
        .0
        .iter()
        .zip(color)
        .all(|(one, other)| one.abs_diff(other) < 24)
}

#[test]
fn a_jpeg_passes_through_untouched() {
    for image in [
        DynamicImage::from(photograph(60, 40)),
        DynamicImage::new_luma8(60, 40),
    ] {
        let jpeg = asset(&image, ImageFormat::Jpeg);
        let colors = if image.color().has_color() {
            Colors::Rgb
        } else {
            Colors::Gray
        };
        let picture = prepare(&jpeg, WALL, Ink::Color).unwrap();
        assert_eq!(picture.colors.data, *jpeg.data);
        assert_eq!(picture.colors.colors, colors);
        assert_eq!((picture.colors.width, picture.colors.height), (60, 40));
    }
}

#[test]
fn a_jpeg_finer_than_print_shows_is_scaled() {
    let jpeg = asset(&photograph(600, 400).into(), ImageFormat::Jpeg);
    // 301 pixels an inch.
    let just = Size {
        width: 143.5,
        height: 95.7,
    };
    let picture = prepare(&jpeg, just, Ink::Color).unwrap().colors;
    assert_eq!(picture.data, *jpeg.data);
    // 864 pixels an inch.
    let far = Size {
        width: 50.0,
        height: 33.3,
    };
    let picture = prepare(&jpeg, far, Ink::Color).unwrap().colors;
    assert_eq!((picture.width, picture.height), (208, 139));
    assert!(picture.data.len() < jpeg.data.len());
    let corner = *shown(&picture).get_pixel(207, 0);
    assert!(is_near(corner, [255, 0, 90]), "{corner:?}");
}

#[test]
fn a_picture_stands_as_the_camera_was_held() {
    // Where the left and the right half go.
    for (orientation, portrait, red, blue) in [
        (2, false, (40, 5), (5, 5)),
        (3, false, (40, 5), (5, 5)),
        (6, true, (5, 5), (5, 40)),
        (8, true, (5, 40), (5, 5)),
    ] {
        let jpeg = exif_jpeg(&flag(), orientation);
        let picture = prepare(&jpeg, WALL, Ink::Color).unwrap().colors;
        let sides = if portrait { (32, 48) } else { (48, 32) };
        assert_eq!((picture.width, picture.height), sides);
        let image = shown(&picture);
        assert!(is_near(*image.get_pixel(red.0, red.1), [220, 20, 20]));
        assert!(is_near(*image.get_pixel(blue.0, blue.1), [20, 20, 220]));
        // Nothing may turn it again.
        assert!(!picture.data.windows(4).any(|bytes| bytes == b"Exif"));
    }
    // What says that it stands upright says perhaps where it was taken, too.
    let upright = exif_jpeg(&flag(), 1);
    let picture = prepare(&upright, WALL, Ink::Color).unwrap().colors;
    assert!(!picture.data.windows(4).any(|bytes| bytes == b"Exif"));
    // Everything from the tables on is as it was.
    let tables = |data: &[u8]| {
        data.windows(2)
            .position(|pair| pair == [0xff, 0xdb])
            .unwrap()
    };
    assert_eq!(
        picture.data[tables(&picture.data)..],
        upright.data[tables(&upright.data)..]
    );
}

/// 8 by 8 pixels of one colour in four components, as Adobe's programs write them: the
/// full value is no ink.
fn cmyk_jpeg(ink: [bool; 4]) -> Vec<u8> {
    let mut jpeg = vec![0xff, 0xd8];
    jpeg.extend(b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0");
    jpeg.extend([0xff, 0xdb, 0, 67, 0]);
    jpeg.extend([16; 64]);
    jpeg.extend([0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4]);
    for id in 1..=4 {
        jpeg.extend([id, 0x11, 0]);
    }
    // One code each: 7 bits of a mean follow; the block ends.
    jpeg.extend([0xff, 0xc4, 0, 20, 0, 1]);
    jpeg.extend([0; 15]);
    jpeg.push(7);
    jpeg.extend([0xff, 0xc4, 0, 20, 0x10, 1]);
    jpeg.extend([0; 15]);
    jpeg.push(0);
    jpeg.extend([0xff, 0xda, 0, 14, 4]);
    for id in 1..=4 {
        jpeg.extend([id, 0]);
    }
    jpeg.extend([0, 63, 0]);
    let mut bits = String::new();
    for ink in ink {
        // -64 or 64, times 16, by 8: 128 below or above the middle.
        bits.push_str(if ink { "001111110" } else { "010000000" });
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    for byte in bits.as_bytes().chunks(8) {
        let byte = byte.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0'));
        jpeg.push(byte);
        if byte == 0xff {
            jpeg.push(0);
        }
    }
    jpeg.extend([0xff, 0xd9]);
    jpeg
}

#[test]
fn cmyk_becomes_rgb() {
    for (ink, color) in [
        ([false, false, false, false], [255, 255, 255]),
        ([true, false, false, false], [0, 255, 255]),
        ([false, true, true, false], [255, 0, 0]),
        ([false, false, false, true], [0, 0, 0]),
    ] {
        let asset = Asset::read("x.jpg", cmyk_jpeg(ink)).unwrap();
        let picture = prepare(&asset, WALL, Ink::Color).unwrap().colors;
        assert_eq!(picture.colors, Colors::Rgb);
        assert_ne!(picture.data, *asset.data);
        let image = shown(&picture);
        assert!(is_near(*image.get_pixel(4, 4), color), "{ink:?} {image:?}");
    }
}

#[test]
fn only_jpegs_that_every_reader_knows_pass() {
    let header = |marker: u8, bits: u8, components: u8| {
        jpeg_colors(&[0xff, 0xd8, 0xff, marker, 0, 8, bits, 0, 1, 0, 1, components])
    };
    assert_eq!(header(0xc0, 8, 3), Some(Colors::Rgb));
    assert_eq!(header(0xc2, 8, 1), Some(Colors::Gray));
    assert_eq!(header(0xc0, 8, 4), None);
    assert_eq!(header(0xc1, 12, 3), None);
    assert_eq!(header(0xc9, 8, 3), None);
    assert_eq!(jpeg_colors(&[0xff, 0xd8, 0xff]), None);
}

#[test]
fn a_chart_of_few_colours_is_a_palette() {
    let chart = png(flag());
    assert_eq!(
        chart.colors.colors,
        Colors::Palette(vec![[20, 20, 220], [220, 20, 20]])
    );
    assert_eq!((chart.colors.bits, chart.opacity), (1, None));
}

#[test]
fn colours_that_are_grey_are_stored_as_grey() {
    let gray = RgbImage::from_fn(64, 4, |x, _| Rgb([(x * 3) as u8; 3]));
    let picture = png(gray);
    assert_eq!(
        (picture.colors.colors, picture.colors.bits),
        (Colors::Gray, 8)
    );
    let letters = RgbImage::from_fn(64, 4, |x, _| Rgb([if x % 3 == 0 { 0 } else { 255 }; 3]));
    let picture = png(letters);
    assert_eq!(
        (picture.colors.colors, picture.colors.bits),
        (Colors::Gray, 1)
    );
}

#[test]
fn opacity_is_a_mask_and_a_cut_out_takes_one_bit() {
    let round = |edge: u8| {
        RgbaImage::from_fn(20, 20, |x, y| {
            let far = x.abs_diff(10).pow(2) + y.abs_diff(10).pow(2);
            let opacity = match far {
                0..=60 => 255,
                61..=80 => edge,
                _ => 0,
            };
            Rgba([200, 60, 20, opacity])
        })
    };
    let soft = png(round(90)).opacity.unwrap();
    assert_eq!((soft.colors, soft.bits), (Colors::Gray, 8));
    let cut = png(round(255)).opacity.unwrap();
    assert_eq!((cut.colors, cut.bits), (Colors::Gray, 1));
    let solid = RgbaImage::from_pixel(20, 20, Rgba([200, 60, 20, 255]));
    assert_eq!(png(solid).opacity, None);
}

#[test]
fn sixteen_bits_become_eight() {
    let deep = image::ImageBuffer::<Luma<u16>, _>::from_fn(16, 2, |x, _| Luma([(x * 4099) as u16]));
    let picture = png(DynamicImage::ImageLuma16(deep));
    assert_eq!(
        (picture.colors.colors, picture.colors.bits),
        (Colors::Gray, 8)
    );
    let deep = DynamicImage::from(photograph(40, 40)).into_rgba16();
    let picture = png(DynamicImage::ImageRgba16(deep));
    assert_eq!(
        (picture.colors.colors, picture.colors.bits),
        (Colors::Rgb, 8)
    );
    assert_eq!(picture.opacity, None);
}

fn page(src: &str, width: f32, height: f32) -> Page {
    Page {
        items: vec![Item::Picture {
            src: src.to_owned(),
            x: 0.0,
            y: 0.0,
            width,
            height,
            tag: None,
        }],
        ..Page::default()
    }
}

#[test]
fn a_picture_is_as_fine_as_print_shows_where_it_is_largest() {
    let photo = asset(&photograph(600, 400).into(), ImageFormat::Png);
    let assets = Assets::new(BTreeMap::from([("p".to_owned(), photo)]));
    let sides = |pages: &[Page]| {
        let pictures = read(pages, &assets, Ink::Color, 2).unwrap();
        (pictures["p"].colors.width, pictures["p"].colors.height)
    };
    assert_eq!(sides(&[page("p", 72.0, 48.0)]), (300, 200));
    let twice = [page("p", 36.0, 24.0), page("p", 96.0, 64.0)];
    assert_eq!(sides(&twice), (400, 267));
    assert_eq!(sides(&[page("p", 144.0, 96.0)]), (600, 400));
    assert_eq!(sides(&[page("p", 500.0, 333.0)]), (600, 400));
}

#[test]
fn several_pictures_are_what_each_is_alone() {
    let paths = ["a", "b", "c", "d", "e"];
    let images = paths.iter().zip(30..).map(|(path, side)| {
        let image = photograph(side * 4, side * 3).into();
        ((*path).to_owned(), asset(&image, ImageFormat::Png))
    });
    let assets = Assets::new(images.collect());
    let pages: Vec<Page> = paths.iter().map(|path| page(path, 20.0, 15.0)).collect();
    let together = read(&pages, &assets, Ink::Color, 2).unwrap();
    assert_eq!(together.len(), paths.len());
    for (path, page) in paths.iter().zip(pages) {
        let alone = read(&[page], &assets, Ink::Color, 2).unwrap();
        assert_eq!(alone[*path], together[*path]);
    }
}

fn painted(pages: &[Page], assets: &Assets) -> lopdf::Document {
    let pictures = read(pages, assets, Ink::Color, 2).unwrap();
    crate::paint::resources(printpdf::PdfFontMap::default(), &BTreeMap::new(), &pictures).unwrap()
}

/// The image streams of a document.
fn images(document: &lopdf::Document) -> Vec<&lopdf::Stream> {
    document
        .objects
        .values()
        .filter_map(|object| object.as_stream().ok())
        .filter(|stream| {
            let subtype = stream.dict.get(b"Subtype");
            subtype.is_ok_and(|name| name.as_name().is_ok_and(|name| name == b"Image"))
        })
        .collect()
}

#[test]
fn a_palette_and_its_mask_reach_the_file() {
    let logo = RgbaImage::from_fn(30, 20, |x, y| match (x, y) {
        (0..10, _) => Rgba([250, 0, 0, 255]),
        (10..20, _) => Rgba([0, 0, 250, 255]),
        _ => Rgba([0, 0, 0, 0]),
    });
    let logo = asset(&logo.into(), ImageFormat::Png);
    let assets = Assets::new(BTreeMap::from([("logo".to_owned(), logo)]));
    let document = painted(&[page("logo", 90.0, 60.0)], &assets);
    let images = images(&document);
    let has_mask = |image: &&&lopdf::Stream| image.dict.has(b"SMask");
    let logo = images.iter().find(has_mask).unwrap();
    let space = logo.dict.get(b"ColorSpace").unwrap().as_array().unwrap();
    assert_eq!(space[0].as_name().unwrap(), b"Indexed");
    assert_eq!(space[2].as_i64().unwrap(), 2);
    let palette = [[0, 0, 250], [250, 0, 0], [255, 255, 255]].concat();
    assert_eq!(space[3].as_str().unwrap(), palette);
    assert_eq!(
        logo.dict
            .get(b"BitsPerComponent")
            .unwrap()
            .as_i64()
            .unwrap(),
        2
    );
    let row = [0x55, 0x55, 0x50, 0x00, 0x00, 0xaa, 0xaa, 0xa0];
    assert_eq!(logo.decompressed_content().unwrap(), row.repeat(20));
    let mask = logo.dict.get(b"SMask").unwrap().as_reference().unwrap();
    let mask = document.get_object(mask).unwrap().as_stream().unwrap();
    assert_eq!(
        mask.dict
            .get(b"BitsPerComponent")
            .unwrap()
            .as_i64()
            .unwrap(),
        1
    );
    let row = [0xff, 0xff, 0xf0, 0x00];
    assert_eq!(mask.decompressed_content().unwrap(), row.repeat(20));
}

#[test]
fn rows_that_were_predicted_say_so() {
    let photo = asset(&photograph(40, 40).into(), ImageFormat::Png);
    let samples = photo.decode().unwrap().into_rgb8().into_raw();
    let assets = Assets::new(BTreeMap::from([("p".to_owned(), photo)]));
    let document = painted(&[page("p", 90.0, 90.0)], &assets);
    let images = images(&document);
    let parameters = images[0].dict.get(b"DecodeParms").unwrap();
    let parameters = parameters.as_dict().unwrap();
    assert_eq!(parameters.get(b"Predictor").unwrap().as_i64().unwrap(), 15);
    assert_eq!(images[0].decompressed_content().unwrap(), samples);
}

#[test]
fn what_follows_a_jpeg_is_left_out() {
    let plain = asset(&photograph(60, 40).into(), ImageFormat::Jpeg);
    let longer = [&plain.data[..], b"<script>"].concat();
    let longer = Asset::read("x.jpg", longer).unwrap();
    let picture = prepare(&longer, WALL, Ink::Color).unwrap().colors;
    assert_eq!(picture.data, *plain.data);
}

#[test]
fn grey_printing_has_grey_pictures() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let colorful = asset(&photograph(60, 40).into(), format);
        let picture = prepare(&colorful, WALL, Ink::Gray).unwrap();
        assert_eq!(picture.colors.colors, Colors::Gray);
    }
}

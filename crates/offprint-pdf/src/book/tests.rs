//! Tests of choosing and reading faces.

use offprint_core::font::FontFile;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use subsetter::GlyphRemapper;

use super::*;
use crate::font_settings::Axis;

const VARIABLE: &[u8] = include_bytes!("../../../../fixtures/own-fonts/fonts/Test-Variable.ttf");
const HAN: &[u8] = include_bytes!("../../../../fixtures/own-fonts/fonts/Test-Han.otf");
const BOTH: &[u8] = include_bytes!("../../../../fixtures/own-fonts/fonts/Test-Both.ttc");
const SEALED: &[u8] = include_bytes!("../../../../fixtures/broken-fonts/fonts/Sealed.ttf");

pub(crate) fn files() -> Fonts {
    [
        ("Variable", VARIABLE),
        ("Han", HAN),
        ("Both", BOTH),
        ("Sealed", SEALED),
        ("Web", b"wOF2 and more"),
    ]
    .into_iter()
    .map(|(name, data)| {
        let file = FontFile {
            data: data.into(),
            index: None,
        };
        (name.to_owned(), file)
    })
    .collect()
}

pub(crate) fn face(file: &str) -> FontFace {
    FontFace {
        file: file.to_owned(),
        ..FontFace::default()
    }
}

pub(crate) fn varied(weight: f32) -> FontFace {
    FontFace {
        axes: vec![Axis {
            tag: *b"wght",
            value: weight,
            place: None,
        }],
        ..face("Variable")
    }
}

pub(crate) fn family(regular: FontFace) -> Family {
    Family {
        regular,
        bold: None,
        italic: None,
        bold_italic: None,
    }
}

fn book(settings: &FontSettings) -> Book {
    let (book, found) = Book::new(settings, &files());
    assert_eq!(found, []);
    book
}

fn faults(face: FontFace) -> Vec<String> {
    let settings = FontSettings {
        fallback: vec![family(face)],
        ..FontSettings::default()
    };
    let (_, found) = Book::new(&settings, &files());
    found
        .into_iter()
        .map(|diagnostic| format!("{}; {}", diagnostic.message, diagnostic.hints.join("; ")))
        .collect()
}

fn name(book: &Book, cut: Cut, character: char, wide: bool) -> String {
    let face = book.find(cut, character, wide).unwrap();
    book.typeface(face).unwrap().name.clone()
}

const PLAIN: Cut = Cut {
    mono: false,
    bold: false,
    italic: false,
};
const BOLD: Cut = Cut {
    bold: true,
    ..PLAIN
};
const ITALIC: Cut = Cut {
    italic: true,
    ..PLAIN
};
const MONO: Cut = Cut {
    mono: true,
    ..PLAIN
};

#[test]
fn all_embedded_faces_can_be_read_and_have_their_constants() {
    let book = Book::embedded();
    assert_eq!(book.faces.len(), EMBEDDED.len());
    for (face, font) in [
        (Face::CJK, embedded::CJK),
        (Face::LATIN_BOLD_ITALIC, embedded::LATIN_BOLD_ITALIC),
        (Face::MONO, embedded::MONO),
        (Face::EMOJI, embedded::EMOJI),
    ] {
        assert_eq!(book.typeface(face).unwrap().name, font.name);
    }
    let italic = book.typeface(Face::LATIN_ITALIC).unwrap();
    assert_eq!((italic.slant.round(), italic.weight), (-12.0, 400));
    assert_eq!(book.typeface(Face::CJK_BOLD).unwrap().weight, 700);
}

#[test]
fn a_face_draws_what_it_has_and_the_embedded_ones_the_rest() {
    let book = book(&FontSettings {
        body: vec![Family {
            bold: Some(varied(700.0)),
            ..family(varied(400.0))
        }],
        cjk: vec![family(face("Han"))],
        ..FontSettings::default()
    });
    let body = "OffprintTestVariable-Regular-wght400";
    assert_eq!(name(&book, PLAIN, 'a', false), body);
    assert_eq!(
        name(&book, BOLD, 'a', false),
        "OffprintTestVariable-Regular-wght700"
    );
    // Emphasis in another face is better than none.
    assert_eq!(name(&book, ITALIC, 'a', false), "NotoSans-Italic");
    assert_eq!(name(&book, PLAIN, 'я', false), "NotoSans-Regular");
    assert_eq!(name(&book, MONO, 'a', false), "NotoSansMono-Regular");
    for cut in [PLAIN, BOLD] {
        assert_eq!(name(&book, cut, '字', true), "OffprintTestHan-Regular");
    }
    assert_eq!(name(&book, PLAIN, '“', true), "OffprintTestHan-Regular");
    assert_eq!(name(&book, BOLD, '的', true), "OffprintTestHan-Regular");
    assert_eq!(name(&book, BOLD, '鱼', true), "NotoSansSC-Bold");
    assert_eq!(book.find(PLAIN, '\u{e000}', false), None);
    let cjk = book.find(PLAIN, '字', true).unwrap();
    assert!(book.is_cjk(cjk));
    assert!(!book.is_cjk(book.find(PLAIN, 'a', false).unwrap()));
}

#[test]
fn fallbacks_come_after_a_role_of_their_own_and_before_embedded_faces() {
    let fallback = vec![family(face("Han"))];
    let with_body = book(&FontSettings {
        body: vec![family(varied(400.0))],
        fallback: fallback.clone(),
        ..FontSettings::default()
    });
    // The variable font has no ellipsis.
    assert_eq!(
        name(&with_body, PLAIN, '…', false),
        "OffprintTestHan-Regular"
    );
    let alone = book(&FontSettings {
        fallback,
        ..FontSettings::default()
    });
    assert_eq!(name(&alone, PLAIN, 'a', false), "NotoSans-Regular");
    assert_eq!(name(&alone, PLAIN, '字', true), "NotoSansSC-Regular");
}

#[test]
fn fonts_of_a_list_draw_latin_and_those_with_han_chinese_too() {
    let all = vec![family(face("Variable")), family(face("Han"))];
    let book = book(&FontSettings {
        body: all.clone(),
        cjk: all,
        ..FontSettings::default()
    });
    let latin = "OffprintTestVariable-Regular";
    assert_eq!(name(&book, PLAIN, 'a', false), latin);
    // A narrow quotation mark is none for Chinese.
    assert_eq!(name(&book, PLAIN, '“', true), "OffprintTestHan-Regular");
    let han = book.find(PLAIN, '字', true).unwrap();
    assert!(!book.is_cjk(han), "its Latin words stay words");
    // Each file was opened once.
    assert_eq!(book.faces.len(), EMBEDDED.len() + 2);
}

#[test]
fn a_face_of_a_collection_is_chosen_by_its_index() {
    for (index, name) in [(0, "OffprintTestHan-Bold"), (1, "OffprintTestHan-Regular")] {
        let chosen = FontFace {
            index: Some(index),
            ..face("Both")
        };
        let book = book(&FontSettings {
            mono: vec![family(chosen)],
            ..FontSettings::default()
        });
        assert_eq!(book.faces.last().unwrap().name, name);
    }
    let beyond = FontFace {
        index: Some(2),
        ..face("Both")
    };
    assert_eq!(
        faults(beyond),
        ["`Both` has no face 2; its faces have the indices 0 to 1"]
    );
    let single = FontFace {
        index: Some(1),
        ..face("Han")
    };
    assert_eq!(
        faults(single),
        ["`Han` is no collection and has one face; leave `index` out"]
    );
}

#[test]
fn places_on_axes_are_checked_all_at_once() {
    let mut off = varied(701.0);
    off.axes
        .extend(varied(1.0).axes.into_iter().map(|axis| Axis {
            tag: *b"opsz",
            ..axis
        }));
    assert_eq!(
        faults(off),
        [
            "`Variable` has no wght of 701; it has wght from 400 to 700",
            "`Variable` has no axis `opsz`; it has wght from 400 to 700",
        ]
    );
    let still = FontFace {
        axes: varied(500.0).axes,
        ..face("Han")
    };
    assert_eq!(
        faults(still),
        ["`Han` has no axis `wght`; it is no variable font: name a file for each cut"]
    );
}

#[test]
fn what_may_not_be_embedded_and_what_is_no_font_is_refused() {
    assert_eq!(
        faults(face("Sealed")),
        ["the maker of `Sealed` forbids to embed it; \
          choose another font, or ask the maker for a version that may be embedded"]
    );
    assert_eq!(
        faults(face("Web")),
        ["`Web` is no TrueType or OpenType font; \
          it is a font for web pages (WOFF): name its TTF or OTF"]
    );
    // Who looked for it has told.
    assert_eq!(faults(face("Absent")), Vec::<String>::new());
}

#[test]
fn a_latin_font_for_chinese_is_pointed_out() {
    let settings = FontSettings {
        cjk: vec![family(face("Variable"))],
        ..FontSettings::default()
    };
    let (book, found) = Book::new(&settings, &files());
    let messages: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(messages, ["`Variable` has no Chinese characters"]);
    assert_eq!(name(&book, PLAIN, '“', true), "NotoSansSC-Regular");
}

#[test]
fn a_variable_font_is_as_wide_as_its_place_on_the_axes_says() {
    let widths = [400.0, 550.0, 700.0].map(|weight| {
        let (typeface, _) = open(&varied(weight), &files()["Variable"]).unwrap();
        let glyph = typeface.glyph('m').unwrap();
        let read = typeface.advance(glyph).unwrap();
        let mut buffer = harfrust::UnicodeBuffer::new();
        buffer.push_str("m");
        buffer.guess_segment_properties();
        let shaped = typeface.shape(buffer, None).unwrap().glyph_positions()[0].x_advance;
        assert!((read - shaped as f32).abs() < 1.0, "{read} {shaped}");
        let mut glyphs = GlyphRemapper::new();
        let number = glyphs.remap(glyph.to_u32() as u16);
        let cut = typeface.cut_down(&glyphs).unwrap();
        let cut = FontRef::new(&cut).unwrap();
        let cut = cut.glyph_metrics(Size::unscaled(), LocationRef::default());
        let cut = cut.advance_width(u32::from(number).into()).unwrap();
        assert!((read.round() - cut).abs() < 0.1, "{read} {cut}");
        read
    });
    assert!(widths[0] < widths[1] && widths[1] < widths[2], "{widths:?}");
}

#[test]
fn damaged_fonts_are_refused_or_drawn_and_never_stop_the_program() {
    // A xorshift generator: the same damage in every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut refused = 0;
    for round in 0..900 {
        let (named, data) = [
            (varied(550.0), VARIABLE),
            (face("Han"), HAN),
            (face("Both"), BOTH),
        ][round % 3]
            .clone();
        let mut data = data.to_vec();
        for _ in 0..=random(6) {
            // Half of the damage hits the tables' heads.
            let at = if random(2) == 0 {
                random(400)
            } else {
                random(data.len())
            };
            data[at] = [0, 0xff, 0x7f, 1][random(4)];
        }
        if random(5) == 0 {
            data.truncate(random(data.len()));
        }
        let file = FontFile {
            data: data.into(),
            index: None,
        };
        let Ok((typeface, _)) = open(&named, &file) else {
            refused += 1;
            continue;
        };
        let mut buffer = harfrust::UnicodeBuffer::new();
        buffer.push_str("AV.字(");
        buffer.guess_segment_properties();
        let mut glyphs = GlyphRemapper::new();
        if let Some(shaped) = typeface.shape(buffer, None) {
            for info in shaped.glyph_infos() {
                glyphs.remap(info.glyph_id as u16);
                typeface.ink(info.glyph_id.into());
            }
        } else {
            assert!(typeface.is_whole().is_err());
        }
        if typeface.cut_down(&glyphs).is_err() {
            refused += 1;
        }
    }
    assert!((100..800).contains(&refused), "{refused}");
}

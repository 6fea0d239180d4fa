//! Fonts and pictures to PDF objects, by printpdf.

use std::collections::BTreeMap;

use offprint_core::ExportError;
use printpdf::{
    DictItem, ExternalStream, ExternalXObject, Op, PdfDocument, PdfFontHandle, PdfFontMap, PdfPage,
    PdfSaveOptions, Pt, Px, TextItem, XObject, XObjectId,
};

use crate::fonts::{self, Embedded};
use crate::picture::{Colors, Filter, Picture, Stream};
use crate::shape::Face;

/// The names of pictures among a page's resources, by their path among the assets.
pub(crate) fn picture_names(pictures: &BTreeMap<String, Picture>) -> BTreeMap<String, String> {
    pictures
        .keys()
        .enumerate()
        .map(|(number, src)| (src.clone(), picture_id(number).0))
        .collect()
}

/// A document that holds the fonts and pictures, and one page that uses all of them.
///
/// # Errors
/// When printpdf reports an error.
pub(crate) fn resources(
    fonts: PdfFontMap,
    faces: &BTreeMap<Face, Embedded>,
    pictures: &BTreeMap<String, Picture>,
) -> Result<lopdf::Document, ExportError> {
    let mut pdf = PdfDocument::new("");
    pdf.resources.fonts = fonts;
    for (number, picture) in pictures.values().enumerate() {
        pdf.resources
            .xobjects
            .map
            .insert(picture_id(number), xobject(picture));
    }
    // printpdf writes the fonts and the widths of the glyphs that a page shows.
    let mut ops = vec![Op::StartTextSection];
    for (&face, embedded) in faces {
        ops.push(Op::SetFont {
            font: PdfFontHandle::External(fonts::id(face)),
            size: Pt(1.0),
        });
        let all = embedded.all_codes().map(fonts::character_of).collect();
        ops.push(Op::ShowText {
            items: vec![TextItem::Text(all)],
        });
    }
    ops.push(Op::EndTextSection);
    pdf.pages = vec![PdfPage::new(Pt(1.0).into(), Pt(1.0).into(), ops)];
    let mut warnings = Vec::new();
    let options = PdfSaveOptions {
        optimize: false,
        subset_fonts: false,
        secure: true,
        image_optimization: None,
    };
    let document = pdf.to_lopdf_document(&options, &mut warnings);
    if let Some(warning) = warnings.first() {
        return Err(ExportError::Internal(format!("printpdf: {}", warning.msg)));
    }
    Ok(document)
}

fn picture_id(number: usize) -> XObjectId {
    XObjectId(format!("P{number}"))
}

fn xobject(picture: &Picture) -> XObject {
    let mut stream = image_stream(&picture.colors);
    if let Some(opacity) = &picture.opacity {
        let mask = DictItem::Stream {
            stream: image_stream(opacity),
        };
        stream.dict.insert("SMask".to_owned(), mask);
    }
    XObject::External(ExternalXObject {
        stream,
        width: Some(Px(picture.colors.width)),
        height: Some(Px(picture.colors.height)),
        dpi: None,
    })
}

fn image_stream(image: &Stream) -> ExternalStream {
    ExternalStream {
        dict: image_dict(image),
        content: image.data.clone(),
        compress: false,
    }
}

fn name(name: &str) -> DictItem {
    DictItem::Name(name.as_bytes().to_vec())
}

fn image_dict(image: &Stream) -> BTreeMap<String, DictItem> {
    let space = match &image.colors {
        Colors::Gray => name("DeviceGray"),
        Colors::Rgb => name("DeviceRGB"),
        Colors::Palette(palette) => DictItem::Array(vec![
            name("Indexed"),
            name("DeviceRGB"),
            DictItem::Int(palette.len() as i64 - 1),
            DictItem::Bytes(palette.concat()),
        ]),
    };
    let filter = match image.filter {
        Filter::Jpeg => "DCTDecode",
        Filter::Flate | Filter::PredictedFlate => "FlateDecode",
    };
    let mut dict = vec![
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(image.width as i64)),
        ("Height", DictItem::Int(image.height as i64)),
        ("ColorSpace", space),
        ("BitsPerComponent", DictItem::Int(i64::from(image.bits))),
        ("Filter", name(filter)),
    ];
    if image.filter == Filter::PredictedFlate {
        let samples = if image.colors == Colors::Rgb { 3 } else { 1 };
        let parameters = dict_of(vec![
            ("Predictor", DictItem::Int(15)),
            ("Colors", DictItem::Int(samples)),
            ("BitsPerComponent", DictItem::Int(i64::from(image.bits))),
            ("Columns", DictItem::Int(image.width as i64)),
        ]);
        dict.push(("DecodeParms", DictItem::Dict { map: parameters }));
    }
    dict_of(dict)
}

fn dict_of(entries: Vec<(&str, DictItem)>) -> BTreeMap<String, DictItem> {
    entries
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

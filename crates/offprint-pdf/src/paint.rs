//! Pages to PDF objects, by printpdf.

use std::collections::BTreeMap;

use offprint_core::ExportError;
use printpdf::{
    Color as PdfColor, DictItem, ExternalStream, ExternalXObject, LineCapStyle, LineDashPattern,
    LinePoint, Op, PaintMode, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon,
    PolygonRing, Pt, Px, Rect, Rgb, TextItem, TextMatrix, WindingOrder, XObject, XObjectId,
    XObjectTransform,
};

use crate::fonts::{self, Embedded};
use crate::page::{Color, Item, Page, TextRun};
use crate::picture::{Colors, Filter, Picture, Stream};
use crate::shape::{Face, Shaper};
use crate::theme::Theme;

/// A document whose pages are painted, and what printpdf could not be told of its fonts.
pub(crate) struct Painted {
    pub(crate) document: lopdf::Document,
    pub(crate) faces: BTreeMap<Face, Embedded>,
}

/// Paints the pages.
///
/// # Errors
/// When a font cannot be embedded or printpdf reports an error.
pub(crate) fn paint(
    shaper: &Shaper,
    theme: &Theme,
    pages: &[Page],
    pictures: &BTreeMap<String, Picture>,
) -> Result<Painted, ExportError> {
    let (map, faces) = fonts::embed(shaper, pages)?;
    let mut pdf = PdfDocument::new("");
    pdf.resources.fonts = map;
    for (number, picture) in pictures.values().enumerate() {
        pdf.resources
            .xobjects
            .map
            .insert(picture_id(number), xobject(picture));
    }
    let painter = Painter {
        height: theme.height,
        faces: &faces,
        pictures,
    };
    pdf.pages = pages
        .iter()
        .map(|page| {
            PdfPage::new(
                Pt(theme.width).into(),
                Pt(theme.height).into(),
                painter.ops(page),
            )
        })
        .collect();
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
    Ok(Painted { document, faces })
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

struct Painter<'a> {
    height: f32,
    faces: &'a BTreeMap<Face, Embedded>,
    pictures: &'a BTreeMap<String, Picture>,
}

impl Painter<'_> {
    fn ops(&self, page: &Page) -> Vec<Op> {
        let mut ops = Vec::new();
        let mut fill = None;
        let mut font = None;
        let mut in_text = false;
        for item in &page.items {
            let shows_text = matches!(item, Item::Text(_));
            if in_text && !shows_text {
                ops.push(Op::EndTextSection);
            }
            if !in_text && shows_text {
                ops.push(Op::StartTextSection);
            }
            in_text = shows_text;
            match item {
                Item::Text(run) => self.text(run, &mut ops, &mut fill, &mut font),
                Item::Fill {
                    x,
                    y,
                    width,
                    height,
                    color,
                    ..
                } => {
                    set_fill(&mut ops, &mut fill, *color);
                    ops.push(Op::DrawRectangle {
                        rectangle: Rect {
                            x: point(*x),
                            y: self.up(y + height),
                            width: point(*width),
                            height: point(*height),
                            mode: Some(PaintMode::Fill),
                            winding_order: None,
                        },
                    });
                }
                Item::Dot {
                    x,
                    y,
                    radius,
                    color,
                    ..
                } => {
                    set_fill(&mut ops, &mut fill, *color);
                    ops.push(self.circle(*x, *y, *radius));
                }
                Item::Leader { x, y, width, color } => {
                    ops.extend(self.leader(*x, *y, *width, *color));
                }
                Item::Picture {
                    src,
                    x,
                    y,
                    width,
                    height,
                    ..
                } => {
                    if let Some(number) = self.pictures.keys().position(|key| key == src) {
                        ops.push(Op::UseXobject {
                            id: picture_id(number),
                            transform: XObjectTransform {
                                translate_x: Some(point(*x)),
                                translate_y: Some(self.up(y + height)),
                                scale_x: Some(round(*width)),
                                scale_y: Some(round(*height)),
                                no_auto_scale: true,
                                ..XObjectTransform::default()
                            },
                        });
                    }
                }
                // These became text when the pages were known.
                Item::PageNumber { .. } => {}
            }
        }
        if in_text {
            ops.push(Op::EndTextSection);
        }
        ops
    }

    fn up(&self, y: f32) -> Pt {
        point(self.height - y)
    }

    fn text(
        &self,
        run: &TextRun,
        ops: &mut Vec<Op>,
        fill: &mut Option<Color>,
        font: &mut Option<(Face, u32)>,
    ) {
        let (Some(face), Some(first)) = (self.faces.get(&run.face), run.glyphs.first()) else {
            return;
        };
        set_fill(ops, fill, run.color);
        let chosen = (run.face, run.size.to_bits());
        if *font != Some(chosen) {
            *font = Some(chosen);
            ops.push(Op::SetFont {
                font: PdfFontHandle::External(fonts::id(run.face)),
                size: Pt(round(run.size)),
            });
        }
        ops.push(Op::SetTextMatrix {
            matrix: TextMatrix::Translate(point(first.x), self.up(run.y)),
        });
        let mut items = Vec::new();
        let mut text = String::new();
        // Where the reader's pen stands, from the advances that the file states.
        let mut pen = round(first.x);
        let em = run.size * run.scale;
        let is_scaled = run.scale.to_bits() != 1.0_f32.to_bits();
        if is_scaled {
            ops.push(Op::SetHorizontalScaling {
                percent: round(run.scale * 100.0),
            });
        }
        for glyph in &run.glyphs {
            let offset = ((pen - glyph.x) * 1000.0 / em).round();
            // Less than a hundredth of the em cannot be seen; the pen carries it on.
            if offset.abs() >= 4.0 {
                if !text.is_empty() {
                    items.push(TextItem::Text(std::mem::take(&mut text)));
                }
                items.push(TextItem::Offset(offset));
                pen -= offset * em / 1000.0;
            }
            let code = face.code(glyph.id, glyph.meaning);
            text.push(fonts::character_of(code));
            pen += face.width(code) as f32 * em / 1000.0;
        }
        items.push(TextItem::Text(text));
        ops.push(Op::ShowText { items });
        if is_scaled {
            ops.push(Op::SetHorizontalScaling { percent: 100.0 });
        }
    }

    fn circle(&self, x: f32, y: f32, radius: f32) -> Op {
        // A quarter of a circle as a Bézier curve.
        let handle = radius * 0.5523;
        let points = [
            (radius, 0.0, false),
            (radius, handle, true),
            (handle, radius, true),
            (0.0, radius, false),
            (-handle, radius, true),
            (-radius, handle, true),
            (-radius, 0.0, false),
            (-radius, -handle, true),
            (-handle, -radius, true),
            (0.0, -radius, false),
            (handle, -radius, true),
            (radius, -handle, true),
            (radius, 0.0, false),
        ];
        Op::DrawPolygon {
            polygon: Polygon {
                rings: vec![PolygonRing {
                    points: points
                        .into_iter()
                        .map(|(right, up, bezier)| LinePoint {
                            p: Point {
                                x: point(x + right),
                                y: self.up(y - up),
                            },
                            bezier,
                        })
                        .collect(),
                }],
                mode: PaintMode::Fill,
                winding_order: WindingOrder::NonZero,
            },
        }
    }

    fn leader(&self, x: f32, y: f32, width: f32, color: Color) -> Vec<Op> {
        const STEP: f32 = 4.5;
        // Dots stand on a grid of the page, so that they align from line to line.
        let start = (x / STEP).ceil() * STEP;
        let end = ((x + width) / STEP).floor() * STEP;
        if end <= start {
            return Vec::new();
        }
        let y = self.up(y);
        let at = |x: f32| LinePoint {
            p: Point { x: point(x), y },
            bezier: false,
        };
        vec![
            Op::SaveGraphicsState,
            Op::SetOutlineColor { col: rgb(color) },
            Op::SetOutlineThickness { pt: Pt(0.9) },
            Op::SetLineCapStyle {
                cap: LineCapStyle::Round,
            },
            Op::SetLineDashPattern {
                dash: LineDashPattern {
                    offset: 0.0,
                    pattern: [0.0, STEP].into_iter().collect(),
                },
            },
            Op::DrawLine {
                line: printpdf::Line {
                    points: vec![at(start), at(end)],
                    is_closed: false,
                },
            },
            Op::RestoreGraphicsState,
        ]
    }
}

fn set_fill(ops: &mut Vec<Op>, current: &mut Option<Color>, color: Color) {
    if *current != Some(color) {
        *current = Some(color);
        ops.push(Op::SetFillColor { col: rgb(color) });
    }
}

fn rgb(Color(red, green, blue): Color) -> PdfColor {
    let share = |value: u8| (f32::from(value) / 255.0 * 1000.0).round() / 1000.0;
    PdfColor::Rgb(Rgb {
        r: share(red),
        g: share(green),
        b: share(blue),
        icc_profile: None,
    })
}

/// Hundredths of a point are finer than any printer.
fn round(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}

fn point(points: f32) -> Pt {
    Pt(round(points))
}

//! What Amazon asks of a book for Kindle: that the rules find faults, and find none in our
//! books.

#![expect(clippy::unwrap_used, reason = "a test stops by panicking")]

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use std::sync::OnceLock;

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgba, RgbaImage};
use offprint_tests::kindle::{findings, rules};
use offprint_tests::outputs::members;
use offprint_tests::series::{outputs, series_with};
use offprint_tests::{copy_of, fixture, folder_with, list, long, read, read_text, run, write};
use tempfile::TempDir;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"#;

const PACKAGE: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="uid" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="uid">urn:uuid:1</dc:identifier>
<dc:title>A List</dc:title>
<dc:language>en-GB</dc:language>
<dc:creator id="creator">Wei Zhang</dc:creator>
<meta refines="#creator" property="role" scheme="marc:relators">aut</meta>
<dc:date>2024-05-06</dc:date>
<meta name="cover" content="cover-image"/>
</metadata>
<manifest>
<item id="cover-image" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
<item id="figure" href="images/figure.png" media-type="image/png"/>
<item id="css" href="book.css" media-type="text/css"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="a.xhtml" media-type="application/xhtml+xml" properties="mathml svg"/>
<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>
</manifest>
<spine toc="ncx">
<itemref idref="title"/>
<itemref idref="nav"/>
<itemref idref="a"/>
<itemref idref="b"/>
</spine>
<guide><reference type="text" title="Start" href="a.xhtml"/></guide>
</package>
"##;

const NAV: &str = r#"<nav epub:type="toc" id="toc"><h1>Contents</h1>
<ol>
<li><a href="a.xhtml">First</a><ol><li><a href="a.xhtml#p-1">A Paper</a></li></ol></li>
<li><a href="b.xhtml">Second</a></li>
</ol>
</nav>
<nav epub:type="landmarks" hidden="hidden">
<ol>
<li><a epub:type="toc" href="nav.xhtml">Contents</a></li>
<li><a epub:type="bodymatter" href="a.xhtml">Start</a></li>
</ol>
</nav>"#;

const NCX: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">
<head><meta name="dtb:uid" content="urn:uuid:1"/><meta name="dtb:depth" content="2"/></head>
<docTitle><text>A List</text></docTitle>
<navMap>
<navPoint id="n1" playOrder="1"><navLabel><text>First</text></navLabel><content src="a.xhtml"/>
<navPoint id="n2" playOrder="2"><navLabel><text>A Paper</text></navLabel><content src="a.xhtml#p-1"/></navPoint></navPoint>
<navPoint id="n3" playOrder="3"><navLabel><text>Second</text></navLabel><content src="b.xhtml"/></navPoint>
</navMap>
</ncx>
"#;

const TITLE: &str = "<section epub:type=\"titlepage\"><h1>A List</h1><p>Wei Zhang</p></section>";

const A: &str = r##"<section epub:type="chapter"><h1>First</h1>
<article id="p-1"><h2><a href="https://papers.example.org/1?a=1&amp;b=2">A Paper</a></h2>
<p>Words with <em>stress</em>, a note<a href="#fn-1" id="fnref-1" epub:type="noteref">1</a> and no&#160;break.</p>
<p>As in <a href="b.xhtml#p-2">another paper</a>.</p>
<table><tr><th>Model</th><th>Score</th></tr><tr><td>Base</td><td rowspan="1">79</td></tr></table>
<figure><img src="images/figure.png" alt="A curve"/><figcaption>What was seen</figcaption></figure>
<p><math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x"><mrow><mi>x</mi><mo>&#x2061;</mo></mrow></math></p>
<p><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1"/></svg></p>
</article>
<aside id="fn-1" epub:type="footnote"><p><a href="#fnref-1">1</a> What the note says.</p></aside>
</section>"##;

const B: &str = r#"<section epub:type="chapter"><h1>Second</h1>
<article id="p-2"><h2 id="p-2-title">Another Paper</h2><p>Words.</p></article>
</section>"#;

const CSS: &str = "/* Plain. */\n@charset \"utf-8\";\nbody { margin: 0 }\np { text-indent: 2em; margin: 0.5em 0; }\n\
    body.en p { text-align: justify }\nh1, h2 { text-align: left; margin: 1em 0; font-size: 1.2em }\n\
    blockquote > p, .note p { margin: 0 5%; font-size: 0.9em; line-height: 1.2 }\n\
    img { max-width: 100%; height: auto }\n[hidden] { display: none }\n\
    @media amzn-kf8 { .tldr { border-left: 1px solid; padding: 0 0 0 3% } }\n";

/// A page around its body.
fn page(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"en\">\n\
         <head><title>A Page</title><link rel=\"stylesheet\" type=\"text/css\" href=\"book.css\"/></head>\n\
         <body class=\"en\">\n{body}\n</body>\n</html>\n"
    )
}

fn encoded(picture: &RgbaImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::from(picture.clone());
    let picture = if format == ImageFormat::Jpeg {
        picture.to_rgb8().into()
    } else {
        picture
    };
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn grey(width: u32, height: u32, opacity: u8) -> RgbaImage {
    RgbaImage::from_pixel(width, height, Rgba([128, 128, 128, opacity]))
}

/// A book that is good in every way, by the paths of its files.
#[derive(Clone)]
struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    fn good() -> Self {
        static GOOD: OnceLock<Parts> = OnceLock::new();
        GOOD.get_or_init(Self::made).clone()
    }

    fn made() -> Self {
        let texts = [
            ("META-INF/container.xml", CONTAINER.to_owned()),
            ("OEBPS/content.opf", PACKAGE.to_owned()),
            ("OEBPS/nav.xhtml", page(NAV)),
            ("OEBPS/toc.ncx", NCX.to_owned()),
            ("OEBPS/title.xhtml", page(TITLE)),
            ("OEBPS/a.xhtml", page(A)),
            ("OEBPS/b.xhtml", page(B)),
            ("OEBPS/book.css", CSS.to_owned()),
        ];
        let pictures = [
            (
                "OEBPS/cover.jpg",
                encoded(&grey(500, 800, 255), ImageFormat::Jpeg),
            ),
            (
                "OEBPS/images/figure.png",
                encoded(&grey(9, 9, 255), ImageFormat::Png),
            ),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), text.into_bytes()));
        let pictures = pictures.map(|(path, bytes)| (path.to_owned(), bytes));
        Self(texts.into_iter().chain(pictures).collect())
    }

    /// With other bytes in a file, or with one more.
    fn with(mut self, path: &str, bytes: Vec<u8>) -> Self {
        let path = format!("OEBPS/{path}");
        match self.0.iter_mut().find(|part| part.0 == path) {
            Some(part) => part.1 = bytes,
            None => self.0.push((path, bytes)),
        }
        self
    }

    /// With other words in a file; they must be there.
    fn replaced(self, path: &str, from: &str, to: &str) -> Self {
        let part = self.0.iter().find(|part| part.0 == format!("OEBPS/{path}"));
        let text = String::from_utf8(part.unwrap().1.clone()).unwrap();
        assert!(text.contains(from), "no {from:?} in {path}");
        let text = text.replacen(from, to, 1);
        self.with(path, text.into_bytes())
    }

    /// What the rules find in it.
    fn findings(&self) -> Vec<String> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (path, bytes) in &self.0 {
            archive.start_file(path, stored).unwrap();
            archive.write_all(bytes).unwrap();
        }
        let folder = folder_with(&[]);
        let path = folder.path().join("book.epub");
        write(&path, &archive.finish().unwrap().into_inner());
        findings(&path)
    }
}

/// Faults in words: the rule, the file, and what to put there in place of what.
const FAULTS: &str = r##"
well-formed | a.xhtml | &#160; | &nbsp;
well-formed | a.xhtml | </em> |
well-formed | a.xhtml | <p>As | <!-- a -- b --><p>As
well-formed | content.opf | </spine> |
declared-files | content.opf | images/figure.png | images/Figure.png
file-names | content.opf | href="b.xhtml" | href="b c.xhtml"
media-types | content.opf | image/jpeg | image/jpg
media-types | content.opf | media-type="image/png" | media-type="image/gif"
spine | content.opf | <itemref idref="b"/> | <itemref idref="css"/>
spine | content.opf | <itemref idref="b"/> | <itemref idref="a"/>
spine | content.opf | <itemref idref="b"/> | <itemref idref="figure"/>
title-and-author | content.opf | <dc:title>A List</dc:title> |
title-and-author | content.opf | </dc:title> | </dc:title><dc:title>With More</dc:title>
title-and-author | content.opf | >Wei Zhang< | > <
language | content.opf | en-GB</dc:language> | en-GB</dc:language><dc:language>fr</dc:language>
language | content.opf | en-GB</dc:language> | tlh</dc:language>
language | content.opf | en-GB</dc:language> | en_GB</dc:language>
date | content.opf | 2024-05-06 | 6 May 2024
date | content.opf | 2024-05-06 | 2023-02-29
date | content.opf | 2024-05-06 | 2024-05T10:00:00Z
date | content.opf | 2024-05-06 | 2024-13-06
empty-metadata | content.opf | </metadata> | <dc:subject> </dc:subject></metadata>
identifier | toc.ncx | "urn:uuid:1" | " urn:uuid:1"
identifier | content.opf | unique-identifier="uid" | unique-identifier="id"
identifier | toc.ncx | urn:uuid:1 | urn:uuid:2
direction | content.opf | <spine | <spine page-progression-direction="rtl"
cover | content.opf | properties="cover-image" |
cover | content.opf | content="cover-image" | content="cover"
cover-page | title.xhtml | <p>Wei | <p><img src="cover.jpg" alt=""/></p><p>Wei
cover-page | title.xhtml | titlepage | cover
ncx | content.opf | toc="ncx" | toc="css"
ncx | content.opf | toc="ncx" |
ncx | toc.ncx | "a.xhtml" | "c.xhtml"
ncx | toc.ncx | #p-1 | #p-3
ncx | toc.ncx | "b.xhtml" | "https://example.org/"
ncx | toc.ncx | <text>Second</text> | <text/>
ncx | toc.ncx | name="dtb:depth" content="2" | name="dtb:depth" content="3"
ncx | toc.ncx | <content src="a.xhtml#p-1"/> | <content src="a.xhtml#p-1"/><navPoint id="n4" playOrder="3"><navLabel><text>x</text></navLabel><content src="a.xhtml"/></navPoint>
ncx-order | toc.ncx | playOrder="3" | playOrder="4"
ncx-order | toc.ncx | "b.xhtml" | "title.xhtml"
ncx-order | toc.ncx | "a.xhtml" | "a.xhtml#fn-1"
nav | b.xhtml | <p>Words | <p><span epub:type="pagebreak" id="page-9"/>Words
nav | content.opf | properties="nav" |
nav | nav.xhtml | >A Paper< | >Another<
nav | nav.xhtml | </h1> | </h1><table><tr><td>x</td></tr></table>
nav-in-spine | content.opf | <itemref idref="nav"/> |
guide | content.opf | Start" href="a.xhtml | Start" href="book.css
guide | nav.xhtml | epub:type="toc" href | href
guide | content.opf | type="text" | type="cover"
guide | content.opf | Start" href="a | Start" href="c
declaration | a.xhtml | encoding="UTF-8" |
declaration | toc.ncx | encoding="UTF-8" |
declaration | b.xhtml | version="1.0" | version="1.1"
doctype | a.xhtml | <!DOCTYPE html> |
doctype | a.xhtml | <!DOCTYPE html> | <!DOCTYPE html [<!ENTITY x "y">]>
namespace | a.xhtml | idpf.org/2007/ops | idpf.org/2011/epub
elements | a.xhtml | <p>As | <script>x()</script><p>As
elements | a.xhtml | <p>As | <details><summary>x</summary></details><p>As
elements | a.xhtml | <p>As | <form><p>x</p></form><p>As
math | a.xhtml | <mi>x</mi> | <maction><mi>x</mi></maction>
drawings | a.xhtml | <path d="M0 0h1"/> | <text>x</text>
paragraphs | a.xhtml | <em>stress</em> | <p>stress</p>
tables | a.xhtml | <td>Base</td> | <td><table><tr><td>x</td></tr></table></td>
tables | a.xhtml | <td>Base</td> | <td colspan="10">Base</td>
tables | a.xhtml | rowspan="1" | rowspan="3"
headings | b.xhtml | <h1>Second</h1> |
headings | b.xhtml | <h1>Second</h1> | <h1> </h1>
headings | title.xhtml | <h1>A List</h1> | <p>A List</p>
ids | b.xhtml | <p>Words | <p id="p-2">Words
links | a.xhtml | papers.example.org/1? | papers.example.org/1 2?
links | a.xhtml | b.xhtml#p-2 | b.xhtml#p-3
links | a.xhtml | b.xhtml#p-2 | c.xhtml
links | a.xhtml | b.xhtml#p-2 | images/figure.png
links | a.xhtml | b.xhtml#p-2 | file:///b.xhtml
links | a.xhtml | b.xhtml#p-2 | data:text/plain,x
links | a.xhtml | b.xhtml#p-2 | b.xhtml?q#p-2
links | a.xhtml | b.xhtml#p-2 | ../../b.xhtml#p-2
links | a.xhtml | b.xhtml#p-2 | B.xhtml#p-2
notes | a.xhtml | #fn-1 | #p-1
notes | a.xhtml | <a href="#fnref-1">1</a> | 1
notes | a.xhtml | epub:type="footnote" |
spaces | a.xhtml | Words with | Words&#x3000;with
spaces | a.xhtml | Words with | Words&#x2009;with
spaces | a.xhtml | Words with | Wo&#xad;rds with
spaces | a.xhtml | Words with | Words&#x202e; with
spaces | toc.ncx | Second | Sec&#x200b;ond
spaces | b.xhtml | <p>Words. | <p>Words&#xa0;with&#xa0;no&#xa0;break.
sheet | book.css | @media amzn-kf8 { |
sheet | book.css | /* Plain. */ | /* Plain.
sheet | book.css | body { margin: 0 } | body { margin: 0
at-rules | book.css | @media amzn-kf8 | @media (min-width: 30em)
at-rules | book.css | @media amzn-kf8 | @supports (hyphens: auto)
at-rules | book.css | @charset "utf-8" | @charset "gbk"
resources | book.css | @charset "utf-8"; | @font-face { font-family: x }
resources | book.css | @charset "utf-8"; | @font-face { src: url(x.ttf) }
resources | book.css | max-width: 100% | background: url(images/none.png)
resources | book.css | @charset "utf-8" | @import 'https://example.org/a.css'
functions | book.css | max-width: 100% | max-width: calc(100% - 1em)
functions | book.css | max-width: 100% | --width: 100%
position | a.xhtml | <figure> | <figure style="position: absolute">
negative | book.css | margin: 1em 0; | margin: -1em 0 0;
negative | book.css | text-indent: 2em | text-indent: -2em
fixed-units | book.css | font-size: 1.2em | font-size: 14px
fixed-units | a.xhtml | </title> | </title><style>figure { margin: 3mm 0 }</style>
side-margins | book.css | padding: 0 0 0 3% | padding: 0 0 0 2em
side-margins | book.css | margin: 0 5% | margin: 0 1.5em
side-margins | book.css | text-indent: 2em | text-indent: 5em
heights | book.css | padding: 0 0 0 3% | height: 2em
heights | book.css | height: auto | height: 80%; width: 100%
body-text | book.css | body { margin: 0 } | body { margin: 0 3% }
body-text | book.css | body { margin: 0 } | html, body.en { line-height: 1.5 }
body-text | book.css | text-align: justify | text-align: center
body-text | book.css | text-indent: 2em | font-size: 0.9em
body-text | book.css | text-indent: 2em | color: #333
black-and-white | book.css | border-left: 1px solid | background: #FFF
heading-alignment | book.css | h1, h2 | h1
picture-elements | a.xhtml | figure.png | figure.png#x
picture-elements | a.xhtml | alt="A curve" |
picture-elements | a.xhtml | src="images/figure.png" |
picture-elements | a.xhtml | images/figure.png | https://example.org/figure.png
"##;

/// A JPEG of one block in each of four inks (ITU-T T.81, Annex B).
fn cmyk() -> Vec<u8> {
    let segment = |marker: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], data].concat()
    };
    // One code of one bit, which means nothing but zeros.
    let codes = |class: u8| [&[class, 1][..], &[0; 16]].concat();
    let frame = [
        8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0,
    ];
    let scan = [4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0];
    [
        vec![0xff, 0xd8],
        segment(0xee, b"Adobe\0\x64\0\0\0\0\0"),
        segment(0xdb, &[&[0][..], &[1; 64]].concat()),
        segment(0xc0, &frame),
        segment(0xc4, &codes(0)),
        segment(0xc4, &codes(0x10)),
        segment(0xda, &scan),
        vec![0, 0xff, 0xd9],
    ]
    .concat()
}

/// A picture of these colours, one after another.
fn moving(reds: [u8; 2]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let frame = |red| Frame::new(RgbaImage::from_pixel(9, 9, Rgba([red, 0, 0, 255])));
    GifEncoder::new(&mut bytes)
        .encode_frames(reds.map(frame))
        .unwrap();
    bytes
}

/// The good book with its figure in another format.
fn with_figure(extension: &str, media_type: &str, bytes: Vec<u8>) -> Parts {
    let file = format!("images/figure.{extension}");
    let media_type = format!("media-type=\"{media_type}\"");
    let mut parts = Parts::good();
    parts.0.retain(|(path, _)| !path.ends_with("figure.png"));
    parts
        .replaced("content.opf", "images/figure.png", &file)
        .replaced("content.opf", "media-type=\"image/png\"", &media_type)
        .replaced("a.xhtml", "images/figure.png", &file)
        .with(&file, bytes)
}

/// The good book with nothing in its main text.
fn linear_no() -> Parts {
    let ids = ["title", "nav", "a", "b"].into_iter();
    ids.fold(Parts::good(), |parts, id| {
        let itemref = format!("<itemref idref=\"{id}\"");
        parts.replaced("content.opf", &itemref, &format!("{itemref} linear=\"no\""))
    })
}

/// Faults in bytes, in numbers, and in several places.
fn other_faults() -> Vec<(&'static str, Parts)> {
    let good = Parts::good;
    let row = "<tr><td>x</td></tr>";
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let long = "字".repeat(10_001);
    let png = encoded(&grey(9, 9, 255), ImageFormat::Png);
    let large = [&png[..], &vec![0; 5 * 1024 * 1024]].concat();
    let (torn, _) = png.split_at(png.len() / 2);
    let webp = encoded(&grey(9, 9, 255), ImageFormat::WebP);
    let small = encoded(&grey(400, 640, 255), ImageFormat::Jpeg);
    let lossless = encoded(&grey(500, 800, 255), ImageFormat::Png);
    let glassy = encoded(&grey(9, 9, 254), ImageFormat::Png);
    let rtl = |parts: Parts, page| parts.replaced(page, "<html", "<html dir=\"rtl\"");
    let linked = good().replaced("a.xhtml", "#p-2\"", "#p-2\" id=\"there\"");
    vec![
        (
            "book-size",
            good().with("more.png", vec![0; 50 * 1024 * 1024]),
        ),
        ("declared-files", good().with("more.css", Vec::new())),
        ("file-names", good().with("B.xhtml", page(B).into_bytes())),
        (
            "media-types",
            good().with("images/figure.png", webp.clone()),
        ),
        ("media-types", with_figure("jpg", "image/png", png.clone())),
        ("cover", good().with("cover.jpg", small)),
        ("cover", good().with("cover.jpg", lossless)),
        (
            "direction",
            rtl(rtl(rtl(good(), "title.xhtml"), "a.xhtml"), "b.xhtml"),
        ),
        (
            "well-formed",
            good().with("b.xhtml", b"<html>\xff</html>".to_vec()),
        ),
        ("sheet", good().with("book.css", b"p { \xff }".to_vec())),
        (
            "drawings",
            good().replaced(
                "a.xhtml",
                "<p><svg",
                &format!("<p>{}<svg", drawing.repeat(25)),
            ),
        ),
        (
            "tables",
            good().replaced(
                "a.xhtml",
                "<tr><td>",
                &format!("{}<tr><td>", row.repeat(98)),
            ),
        ),
        (
            "links",
            good()
                .replaced("b.xhtml", "<body", "<body id=\"top\"")
                .replaced("a.xhtml", "b.xhtml#p-2", "b.xhtml#top"),
        ),
        (
            "two-way-links",
            linked.replaced("b.xhtml", "Words.", "<a href=\"a.xhtml#there\">Words</a>."),
        ),
        (
            "hidden",
            good().replaced(
                "b.xhtml",
                "<p>",
                &format!("<p hidden=\"hidden\">{long}</p><p>"),
            ),
        ),
        (
            "hidden",
            good()
                .replaced("book.css", "[hidden]", ".zh .fold")
                .replaced(
                    "b.xhtml",
                    "<p>",
                    &format!("<p class=\"a fold\">{long}</p><p>"),
                ),
        ),
        (
            "empty-page",
            good().with("b.xhtml", page("<hr/>").into_bytes()),
        ),
        ("spine", linear_no()),
        ("pictures", good().with("images/figure.png", torn.to_vec())),
        ("pictures", good().with("images/figure.png", large)),
        ("pictures", good().with("images/figure.png", glassy)),
        ("pictures", with_figure("webp", "image/webp", webp)),
        (
            "pictures",
            with_figure("gif", "image/gif", moving([100, 200])),
        ),
        ("pictures", with_figure("jpg", "image/jpeg", cmyk())),
    ]
}

fn all_faults() -> Vec<(&'static str, Parts)> {
    let faults = FAULTS.trim().lines().map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [rule, path, from, to] = cells.try_into().unwrap();
        (rule, Parts::good().replaced(path, from, to))
    });
    faults.chain(other_faults()).collect()
}

#[test]
fn a_good_book_passes() {
    assert_eq!(Parts::good().findings(), Vec::<String>::new());
}

#[test]
fn a_good_book_may_have_a_still_picture_in_gif() {
    let mut still = Cursor::new(Vec::new());
    let picture = DynamicImage::from(grey(9, 9, 255));
    picture.write_to(&mut still, ImageFormat::Gif).unwrap();
    let book = with_figure("gif", "image/gif", still.into_inner());
    assert_eq!(book.findings(), Vec::<String>::new());
}

#[test]
fn every_fault_is_found_by_its_rule() {
    let missed: Vec<String> = all_faults()
        .iter()
        .enumerate()
        .filter_map(|(number, (rule, book))| {
            let findings = book.findings();
            let is_found = findings
                .iter()
                .any(|it| it.starts_with(&format!("{rule}: ")));
            (!is_found).then(|| format!("{number}, {rule}: {findings:?}"))
        })
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_rule_is_broken_by_a_fault() {
    let faults = all_faults();
    let broken: BTreeSet<&str> = faults.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules().collect::<BTreeSet<_>>(), broken);
}

/// The settings of a series whose books are for Kindle.
const PROFILE: &str = "[epub]\nprofile = \"kindle\"\n";

/// A series of one issue in this language.
fn series_in(lang: &str, issue: &str) -> TempDir {
    let folder = series_with(PROFILE, issue);
    let path = folder.path().join("offprint.toml");
    let settings = read_text(&path).replace("zh-CN", lang);
    write(&path, settings.as_bytes());
    folder
}

/// What the rules find in the books of these series.
fn found(folders: &[TempDir]) -> Vec<String> {
    for folder in folders {
        let _ = run(folder.path(), &["build", "--format", "epub"]).expect(0);
    }
    let books = outputs(folders, ".epub");
    // Where there are two, Kindle's tells that it is Kindle's.
    let kindles = books.iter().filter(|book| {
        let kindle = book.with_extension("kindle.epub");
        book.to_string_lossy().ends_with(".kindle.epub") || !books.contains(&kindle)
    });
    let found = kindles.flat_map(|book| {
        let name = book.file_name().unwrap().to_string_lossy().into_owned();
        let findings = findings(book).into_iter();
        findings.map(move |finding| format!("{name}: {finding}"))
    });
    found.collect()
}

fn paper(title: &str, commentary: &str) -> String {
    format!(
        "\n### {title}\n\n- 链接: https://papers.example.org/1\n- 作者: Wei Zhang\n\n{commentary}\n"
    )
}

fn issue(lang: &str, body: &str) -> String {
    format!("---\ntitle: A List\ndate: 2024-05-06\nlang: {lang}\n---\n{body}")
}

#[test]
fn the_fixtures_books_pass() {
    let folders = ["iclr-2021", "kitchen-sink", "hostile", "own-fonts"].map(|name| {
        let folder = copy_of(&fixture(name));
        let path = folder.path().join("offprint.toml");
        let settings = read_text(&path);
        // One of them makes both books already.
        if !settings.contains("[epub]") {
            write(&path, format!("{settings}\n{PROFILE}").as_bytes());
        }
        folder
    });
    assert_eq!(found(&folders), Vec::<String>::new());
}

#[test]
fn books_of_one_paper_and_of_a_thousand_pass() {
    let folders = [
        series_with(PROFILE, &list::markdown(1)),
        series_with(PROFILE, &list::markdown(1_000)),
        series_with(PROFILE, &long::issue(100)),
        series_with(PROFILE, &long::issue(1_000)),
    ];
    assert_eq!(found(&folders), Vec::<String>::new());
}

#[test]
fn books_of_little_pass() {
    let folders = [
        series_with(PROFILE, &issue("zh-CN", "")),
        series_with(PROFILE, &issue("zh-CN", "\n导读一句。\n")),
        series_with(PROFILE, &issue("zh-CN", "\n## 栏目\n\n导语一句。\n")),
        series_with(PROFILE, &issue("zh-CN", &paper("A Paper", ""))),
    ];
    assert_eq!(found(&folders), Vec::<String>::new());
}

#[test]
fn books_of_hostile_titles_pass() {
    let titles = [
        "<script>alert(1)</script> & \"quotes\" ]]> --",
        "Soft\u{ad}hyphens, zero\u{200b}width, \u{feff}marks",
        "Wide\u{3000}blanks,\u{2009}thin\u{202f}ones and a\u{2028}line",
        "\u{202e}Turned around\u{202c}, \u{2067}kept apart\u{2069} and marked\u{200f}",
        "\u{200b}",
        "Family 👨\u{200d}👩\u{200d}👧, می\u{200c}خواهم",
        "file:///etc/passwd?a#b",
    ];
    let papers = titles.map(|title| paper(title, "短评一句。")).concat();
    let sections = titles.map(|title| format!("\n## {title}\n{}", paper("A Paper", "")));
    let folders = [
        series_with(PROFILE, &issue("zh-CN", &format!("\n## 栏目\n{papers}"))),
        series_with(PROFILE, &issue("zh-CN", &sections.concat())),
    ];
    assert_eq!(found(&folders), Vec::<String>::new());
}

#[test]
fn books_of_prose_of_all_kinds_pass() {
    let prose = "正文[^1]与再引[^1]，又一条[^2]。\n\n#### 四级\n\n##### 五级\n\n###### 六级\n\n\
        | 模型 | 分 |\n|---|---:|\n| Base | 79 |\n\n1. 一\n   - 二\n     1. 三\n\n> 引文\n> > 再引\n\n\
        ```rust\nfn main() {}\n```\n\n$$x^2$$\n\n行内 $\\frac{1}{2}$ 与 `code`。\n\n***\n\n\
        [^1]: 注一。\n\n    第二段。\n[^2]: 注二，见 https://notes.example.org/a?b=c&d=e 。\n";
    let deep = paper("A Paper", "##### 从五级开始\n\n正文。");
    let body = format!("\n## 栏目\n{}{deep}", paper("A Paper", prose));
    let folders = [
        series_with(PROFILE, &issue("zh-CN", &body)),
        series_in(
            "ar",
            &issue(
                "ar",
                &format!(
                    "\n## قسم\n{}",
                    paper("ورقة بحثية", "تعليق قصير[^1].\n\n> اقتباس\n\n[^1]: حاشية.")
                ),
            ),
        ),
        series_in(
            "en",
            &issue(
                "en",
                &format!("\n## Section\n{}", paper("A Paper", "Text.")),
            ),
        ),
    ];
    assert_eq!(found(&folders), Vec::<String>::new());
}

#[test]
fn books_of_figures_of_all_formats_pass() {
    let mut still = Cursor::new(Vec::new());
    let picture = DynamicImage::from(grey(40, 30, 255));
    picture.write_to(&mut still, ImageFormat::Gif).unwrap();
    let pictures = [
        ("glass.png", encoded(&grey(40, 30, 100), ImageFormat::Png)),
        ("glass.webp", encoded(&grey(40, 30, 100), ImageFormat::WebP)),
        ("solid.webp", encoded(&grey(40, 30, 255), ImageFormat::WebP)),
        ("moving.gif", moving([100, 200])),
        ("still.gif", still.into_inner()),
        ("light.jpg", encoded(&grey(40, 30, 255), ImageFormat::Jpeg)),
        ("ink.jpg", cmyk()),
    ];
    let figures = pictures
        .iter()
        .map(|(name, _)| format!("![图 {name}]({name})\n\n"));
    let body = format!(
        "\n## 栏目\n{}",
        paper("A Paper", &figures.collect::<String>())
    );
    let folder = series_with(PROFILE, &issue("zh-CN", &body));
    for (name, bytes) in &pictures {
        write(&folder.path().join("issues").join(name), bytes);
    }
    assert_eq!(found(&[folder]), Vec::<String>::new());
}

#[test]
fn tables_of_very_many_rows_are_split() {
    let table = format!("| 甲 | 乙 |\n|---|---|\n{}", "| 一 | 二 |\n".repeat(250));
    let body = format!("\n## 栏目\n{}", paper("A Paper", &table));
    let folder = series_with(PROFILE, &issue("zh-CN", &body));
    assert_eq!(found(&[folder]), Vec::<String>::new());
}

#[test]
fn a_language_that_kindle_does_not_know_is_told_and_is_all_that_is_found() {
    let folder = series_in("ko", &issue("ko", &paper("논문", "평.")));
    let ran = run(
        folder.path(),
        &["build", "--format", "epub", "--message-format", "json"],
    );
    assert_eq!(ran.expect(0).codes(), ["epub::kindle-language"]);
    let found = found(&[folder]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found.iter().all(|it| it.contains(": language: ")),
        "{found:?}"
    );
}

#[test]
fn the_drawn_cover_is_of_the_size_that_amazon_likes_best() {
    let folder = series_with(PROFILE, &list::markdown(1));
    let _ = run(folder.path(), &["build", "--format", "epub"]).expect(0);
    let book = outputs(std::slice::from_ref(&folder), ".epub").remove(0);
    let cover = members(&read(&book))
        .into_iter()
        .find(|(path, _)| path.ends_with("cover.jpg"));
    let (_, cover) = cover.unwrap();
    let picture = image::load_from_memory(&cover).unwrap();
    assert_eq!((picture.width(), picture.height()), (1_600, 2_560));
}

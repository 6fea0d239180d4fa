//! The conversion against what WeChat's own made of the same styles.

use std::fmt::Write as _;

use super::*;
use crate::css::{Rgba, colors, declarations, words};

/// A colour as in the table: how much it covers is a byte, as in browsers.
fn hex(color: Rgba) -> String {
    let [red, green, blue] = color.parts.map(|part| part as u8);
    let mut out = format!("#{red:02x}{green:02x}{blue:02x}");
    if color.alpha < 1.0 {
        let _ = write!(out, "/{}", (color.alpha * 255.0).round());
    }
    out
}

/// What a browser makes of an element's style: the colours of words, ground, gradient, left
/// border, outline, shadow, shadow of words and line of words.
fn computed(style: &str, around: &str) -> [String; 8] {
    let mut shown = [const { String::new() }; 8].map(|_| "-".to_owned());
    shown[0] = around.to_owned();
    let mut is_settled = false;
    for declaration in declarations(style) {
        let value = &declaration.value;
        let found = colors(value);
        let place = match declaration.property.as_str() {
            "color" if is_settled && !declaration.important => continue,
            "color" => {
                is_settled = declaration.important;
                0
            }
            "border" | "border-left" | "border-color" => 3,
            "outline" => 4,
            "box-shadow" => 5,
            "text-shadow" => 6,
            "text-decoration" => 7,
            "background" | "background-color" | "background-image" => {
                if declaration.property != "background-image" {
                    let ground = words(value)
                        .filter(|word| !word.contains("gradient") && !word.contains("url("))
                        .find_map(|word| colors(word).first().map(|found| hex(found.color)));
                    // A browser does not tell it from none.
                    let ground = ground.filter(|ground| ground != "#000000/0");
                    shown[1] = ground.unwrap_or("-".to_owned());
                }
                if declaration.property != "background-color" {
                    let gradient = value.split_once("gradient").map(|(_, rest)| colors(rest));
                    let first = gradient.and_then(|stops| stops.first().map(|stop| stop.color));
                    shown[2] = first.map_or("-".to_owned(), hex);
                }
                continue;
            }
            _ => continue,
        };
        // Without a colour of its own a border has that of words.
        match found.first() {
            Some(found) => shown[place] = hex(found.color),
            None if place == 0 => shown[0] = around.to_owned(),
            None => shown[place] = "-".to_owned(),
        }
    }
    shown
}

/// The styles that a browser would show, element by element.
fn shown(html: &str) -> Vec<[String; 8]> {
    let mut tokens = Tokens::new(html);
    let mut attributes = Vec::new();
    let mut around = vec!["#a3a3a3".to_owned()];
    let mut shown = Vec::new();
    while let Some((token, _)) = tokens.next(&mut attributes) {
        match token {
            Token::Open(name, _) if name != "br" => {
                let style = crate::html::value_of(&attributes, "style").unwrap_or_default();
                let element = computed(&style, around.last().unwrap());
                around.push(element[0].clone());
                shown.push(element);
            }
            Token::Close(_) => {
                around.pop();
            }
            Token::Open(..) | Token::Text(_) | Token::Raw(_) | Token::Other(_) => {}
        }
    }
    shown
}

/// Each line has an element with others in it, and what a browser showed of each once WeChat's
/// conversion (mp-darkmode 1.2.1) had gone over them.
#[test]
fn colours_are_those_of_the_original() {
    let mut elements = 0;
    for line in include_str!("chains.tsv").lines() {
        let (html, expected) = line.split_once('\t').unwrap();
        let dark = dark(html);
        let shown = shown(&dark);
        let expected: Vec<Vec<&str>> = expected
            .split('|')
            .map(|element| element.split(' ').collect())
            .collect();
        assert_eq!(shown.len(), expected.len(), "{html}");
        for (shown, expected) in shown.iter().zip(expected) {
            elements += 1;
            for (place, (shown, expected)) in shown.iter().zip(expected).enumerate() {
                // A border without a colour has that of words, which is looked at anyway.
                if shown != "-" || place < 3 {
                    assert_eq!(shown, expected, "part {place} of {dark} from {html}");
                }
            }
        }
    }
    assert!(elements > 900, "{elements}");
}

#[test]
fn a_style_that_does_not_change_stays_as_it_is() {
    let page = Surroundings::default();
    let style = "Margin : 0 ;color: inherit;";
    let (same, within) = darken(&page, "P", style);
    assert_eq!(same, style);
    assert_eq!(within, page);
    let html = "<p style='margin:0'>a<br>&nbsp;<!-- b --></p><svg><path fill=#000></svg>";
    assert_eq!(dark(html), html);
}

#[test]
fn children_stand_on_what_their_parents_are_painted_with() {
    let page = Surroundings::default();
    let (style, band) = darken(&page, "section", "background:#0f4c81;color:#fff");
    assert_eq!(style, "background:#0f4c81;color:#fff");
    assert_eq!(band.ground.dark, [0x0f, 0x4c, 0x81]);
    assert_eq!(band.text.dark, [255; 3]);
    let (_, within) = darken(&band, "span", "font-size:150%;font-weight:700;opacity:50%");
    assert!((within.size - 25.5).abs() < 1e-9 && within.bold);
    // Half of white and half of the band.
    assert_eq!(within.text.dark, [135, 166, 192]);
    assert_eq!(within.ground, band.ground);
}

#[test]
fn attributes_are_quoted_however_they_were() {
    for (html, expected) in [
        ("<p style=color:#333>a", "<p style=\"color:#a3a3a3\">a"),
        (
            "<p title=b style='color:#333;font-family:\"A\"'>a",
            "<p title=b style=\"color:#a3a3a3;font-family:&quot;A&quot;\">a",
        ),
        (
            "<table><tr><td bgcolor=#fff>a",
            "<table><tr><td style=\"background-color:#191919;color:#a3a3a3\" bgcolor=#fff>a",
        ),
        ("<p style>a", "<p style>a"),
        (
            "<p data-no-dark style=color:#333>a",
            "<p data-no-dark style=color:#333>a",
        ),
    ] {
        assert_eq!(dark(html), expected);
    }
}

#[test]
fn pictures_keep_the_colours_of_words_over_them() {
    let style = "background-image:url(https://mmbiz.qpic.cn/a)";
    let (dark, within) = darken(&Surroundings::default(), "section", style);
    assert!(dark.contains("linear-gradient(#ffffff,#ffffff)"), "{dark}");
    assert!(dark.ends_with("color:#191919"), "{dark}");
    assert!(within.pictured);
    // Drawings are left alone.
    let svg = format!("<svg style=\"{style}\"><text>a</text></svg>");
    assert_eq!(super::dark(&svg), svg);
    // Where no words are, nothing has to be laid under the picture.
    let html = format!("<section style=\"{style}\"><br></section>");
    assert!(!super::dark(&html).contains("gradient"));
}

#[test]
fn contrasts_are_those_of_words_borders_and_grounds() {
    let html = "<section style=\"background:#eee;border:1px solid #ccc\"><p>a</p></section>\
        <p style=\"background:url(x)\">b</p><svg><text>c</text></svg>";
    let seen: Vec<(Seen, &str)> = contrasts(html)
        .iter()
        .map(|contrast| (contrast.what, html.get(contrast.place.clone()).unwrap()))
        .collect();
    let section = html.split_inclusive('>').next().unwrap();
    assert_eq!(
        seen,
        [
            (Seen::Ground, section),
            (Seen::Border, section),
            (Seen::Text, "a")
        ]
    );
    let words = &contrasts("<p style=\"color:#767676\">a</p>")[0];
    assert!((words.ratio_light - 4.54).abs() < 0.01, "{words:?}");
    let page = &contrasts("a")[0];
    assert!(page.ratio_light > 17.0 && page.ratio_dark > 6.9, "{page:?}");
}

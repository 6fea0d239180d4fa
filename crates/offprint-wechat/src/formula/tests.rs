//! Formulas as WeChat's editor would take them.

use std::collections::BTreeSet;

use super::*;
use crate::dark::contrast_of;
use crate::html::{Token, Tokens};
use crate::preflight::{Channel, preflight};
use kurbo::{BezPath, ParamCurve as _, ParamCurveNearest as _, PathEl, PathSeg, Shape as _};

/// The TeX of the formulas that papers use, and whether each stands on lines of its own.
fn formulas() -> Vec<(&'static str, bool)> {
    include_str!("../../../offprint-math/tests/formulas.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.split('\t').skip(1);
            Some((fields.next()? == "display", fields.next()?))
        })
        .map(|(is_display, tex)| (tex, is_display))
        .collect()
}

/// What a formula becomes on its way into an article.
fn drawn(formulas: Formulas<'_>, tex: &str, is_display: bool) -> Option<String> {
    if is_display {
        let displayed = formulas.display(tex)?;
        let number = displayed.number.map(|number| number.drawing);
        return Some(displayed.drawing + &number.unwrap_or_default());
    }
    let parts = formulas.line(tex)?;
    Some(parts.into_iter().map(|part| part.html).collect())
}

fn fine(tools: &Tools) -> Formulas<'_> {
    Formulas {
        tools,
        detail: Detail::Fine,
    }
}

#[test]
fn drawings_hold_nothing_but_paths_and_are_kept_by_the_editor() {
    let tools = Tools::default();
    let mut names = BTreeSet::new();
    for (tex, is_display) in formulas() {
        let Some(html) = drawn(fine(&tools), tex, is_display) else {
            continue;
        };
        let mut tokens = Tokens::new(&html);
        let mut attributes = Vec::new();
        while let Some((token, _)) = tokens.next(&mut attributes) {
            if let Token::Open(name, _) = token {
                for attribute in &attributes {
                    names.insert(format!("{name} {}", attribute.name));
                }
                let is_path = name == "path";
                let data = attributes.iter().find(|attribute| attribute.name == "d");
                assert_eq!(is_path, data.is_some(), "{tex}: {html}");
            }
        }
        for channel in [Channel::Paste, Channel::Draft] {
            let article = format!("<section style=\"overflow-x:auto\">一{html}二</section>");
            assert_eq!(preflight(&article, channel), [], "{tex}: {article}");
        }
    }
    let expected = [
        "path d",
        "path fill",
        "span style",
        "svg aria-hidden",
        "svg aria-label",
        "svg fill",
        "svg role",
        "svg style",
        "svg viewbox",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
}

/// The curves of an outline, without those that have no length.
fn curves(outline: &offprint_math::Outline, scale: f32) -> BezPath {
    let place =
        |point: Point| kurbo::Point::new(f64::from(point.x * scale), f64::from(point.y * scale));
    let mut path = BezPath::new();
    for segment in &outline.segments {
        match *segment {
            Segment::Move(to) => path.move_to(place(to)),
            Segment::Line(to) => path.line_to(place(to)),
            Segment::Quad(control, to) => path.quad_to(place(control), place(to)),
            Segment::Cubic(first, second, to) => {
                path.curve_to(place(first), place(second), place(to));
            }
            Segment::Close => path.close_path(),
        }
    }
    path
}

/// A path as it is filled: every contour leads back to its start.
fn closed(path: &BezPath) -> BezPath {
    let mut closed = BezPath::new();
    let elements = path.iter().filter(|element| *element != PathEl::ClosePath);
    for element in elements {
        if matches!(element, PathEl::MoveTo(_)) && !closed.elements().is_empty() {
            closed.close_path();
        }
        closed.push(element);
    }
    closed.close_path();
    closed
}

/// How far the points of one path are from the other at most.
fn distance(one: &BezPath, other: &BezPath) -> f64 {
    let others: Vec<PathSeg> = other.segments().collect();
    let nearest = |point: kurbo::Point| {
        let distances = others
            .iter()
            .map(|segment| segment.nearest(point, 1e-4).distance_sq);
        distances.fold(f64::INFINITY, f64::min).sqrt()
    };
    one.segments()
        .flat_map(|segment| [0.0, 0.25, 0.5, 0.75].map(|place| segment.eval(place)))
        .map(nearest)
        .fold(0.0, f64::max)
}

#[test]
fn outlines_of_fewer_curves_stay_where_they_were() {
    let tools = Tools::default();
    let mut seen = BTreeSet::new();
    let (mut before, mut after) = (0, 0);
    for (tex, is_display) in formulas() {
        let style = if is_display {
            Style::Display
        } else {
            Style::Inline
        };
        let Some(drawing) = tools.typesetter.set(tex, style) else {
            continue;
        };
        for mark in &drawing.marks {
            // A blank, or a rule without a width.
            if mark.outline.segments.is_empty() {
                continue;
            }
            let own = closed(&curves(&mark.outline, mark.scale));
            if !seen.insert(format!("{own:?}")) {
                continue;
            }
            for detail in [Detail::Fine, Detail::Coarse] {
                let simple = closed(&tools.outlines.simplified(mark, detail));
                let most = detail.accuracy() * 1.1;
                let (there, back) = (distance(&simple, &own), distance(&own, &simple));
                assert!(
                    there < most && back < most,
                    "{tex}: {there} {back}\n{own:?}\n{simple:?}"
                );
                let (size, area) = (own.area(), simple.area());
                let length = own.perimeter(0.01).max(0.1);
                assert!(
                    (size - area).abs() < detail.accuracy() * length,
                    "{tex}: {size} {area}"
                );
                if detail == Detail::Fine {
                    before += own.elements().len();
                    after += simple.elements().len();
                }
            }
        }
    }
    assert!(seen.len() > 200, "{}", seen.len());
    assert!(after * 3 < before * 2, "{after} of {before}");
}

#[test]
fn a_coarse_drawing_is_shorter_and_as_large() {
    let tools = Tools::default();
    let coarse = Formulas {
        tools: &tools,
        detail: Detail::Coarse,
    };
    let (mut lengths, mut number) = ([0, 0], 0);
    for (tex, is_display) in formulas() {
        let both = [fine(&tools), coarse].map(|formulas| drawn(formulas, tex, is_display));
        let [Some(fine), Some(coarse)] = both else {
            continue;
        };
        lengths[0] += fine.len();
        lengths[1] += coarse.len();
        number += 1;
    }
    let [fine, coarse] = lengths.map(|length| length / number);
    assert!(coarse * 10 < fine * 9, "{coarse} of {fine}");
    assert!(fine < 2_800, "{fine} characters a formula");
}

#[test]
fn numbers_are_words() {
    for (tex, words) in [
        ("5", "5"),
        ("95\\%", "95%"),
        ("99.9 \\%", "99.9%"),
        ("10\\times", "10×"),
        ("-3", "−3"),
    ] {
        assert_eq!(number(tex).as_deref(), Some(words), "{tex}");
    }
    for tex in [
        "", ".", "-", "\\%", "1.2.3", "5.", "n", "1+1", "五", "1 2", "-\\%",
    ] {
        assert_eq!(number(tex), None, "{tex}");
    }
}

#[test]
fn a_long_formula_is_divided_where_a_line_may_end_and_said_once() {
    let tools = Tools::default();
    let parts = fine(&tools)
        .line("p(x_1, x_2, x_3) = f(x_1) + g(x_2) + h(x_3) \\ge \\mathcal{N}(0, \\sigma^2)")
        .unwrap();
    assert!(parts.len() >= 3, "{}", parts.len());
    assert!(!parts[0].is_apart && parts[1].is_apart);
    for (place, part) in parts.iter().enumerate() {
        assert_eq!(part.html.contains("aria-label"), place == 0);
        assert_eq!(part.html.contains("aria-hidden"), place > 0);
        assert!(!part.is_wide);
    }
    // One that cannot be divided scrolls.
    let tex = format!("\\sqrt{{{}}}", "x + ".repeat(20) + "y");
    let parts = fine(&tools).line(&tex).unwrap();
    assert!(parts.len() == 1 && parts[0].is_wide);
    assert!(parts[0].html.contains("overflow-x:auto") && parts[0].html.contains("min-width:"));
}

#[test]
fn a_number_stands_beside_its_formula_on_one_line() {
    let tools = Tools::default();
    let displayed = fine(&tools).display("E = mc^2 \\tag{3.1}").unwrap();
    let number = displayed.number.unwrap();
    let height = |svg: &str| {
        let (_, height) = svg.split_once(";height:").unwrap();
        height.split_once(';').unwrap().0.to_owned()
    };
    assert_eq!(height(&displayed.drawing), height(&number.drawing));
    assert!(number.balance.starts_with(";padding-left:"));
    // Where there is no room, the formula is not pushed further to the right.
    let wide = format!("{} \\tag{{1}}", "a + ".repeat(20) + "b");
    let number = fine(&tools).display(&wide).unwrap().number.unwrap();
    assert_eq!(number.balance, "");
}

#[test]
fn a_color_is_seen_by_day_and_by_night() {
    for red in (0..=255).step_by(51) {
        for green in (0..=255).step_by(51) {
            for blue in (0..=255).step_by(51) {
                let seen = dark::seen_on_both([red, green, blue]);
                for ground in [[255.0; 3], [25.0; 3], [245.0; 3], [35.0; 3]] {
                    let contrast = contrast_of(seen.map(f64::from), ground);
                    assert!(
                        contrast >= 2.95,
                        "{red} {green} {blue}: {seen:?} {contrast}"
                    );
                }
            }
        }
    }
    // What is seen stays as it is, and what is not keeps its hue.
    assert_eq!(dark::seen_on_both([255, 0, 0]), [255, 0, 0]);
    let [red, green, blue] = dark::seen_on_both([0, 0, 255]);
    assert!(
        blue > 200 && red == green && red < 130,
        "{red} {green} {blue}"
    );
}

#[test]
fn words_on_a_coloured_ground_are_read_in_dark_mode() {
    let tools = Tools::default();
    let html = drawn(fine(&tools), "\\fcolorbox{red}{yellow}{$x$}", false).unwrap();
    let fills: Vec<&str> = html.split("<path ").skip(1).collect();
    assert_eq!(fills.len(), 3, "{html}");
    assert!(fills[0].contains("fill-opacity=\".2\""), "{html}");
    assert!(fills[1].starts_with("fill=\"#ff0000\" d="), "{html}");
    assert!(fills[2].starts_with("d="), "{html}");
    let article = format!("<section>一{html}二</section>");
    assert_eq!(preflight(&article, Channel::Paste), []);
}

#[test]
fn what_a_formula_says_stays_within_its_attribute() {
    let tools = Tools::default();
    let html = drawn(fine(&tools), "a < b > c \\& \\text{\"x\"}", false).unwrap();
    let (_, label) = html.split_once("aria-label=\"").unwrap();
    let (label, _) = label.split_once('"').unwrap();
    assert!(
        label.contains("&lt;") && label.contains("&gt;") && label.contains("&quot;"),
        "{label}"
    );
    assert!(!label.contains('<'));
}

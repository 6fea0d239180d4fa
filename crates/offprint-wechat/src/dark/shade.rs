//! What becomes of one colour on a dark page: WeChat's published conversion (mp-darkmode),
//! in its own terms.
//!
//! It keeps hues and works on how bright a colour is perceived, from 0 to 255 (W3C, AERT
//! §2.2). Grounds that are nearly white turn over, bright ones are dimmed, black ones lifted;
//! words and lines are moved away from the ground they stand on.

use crate::css::Rgba;

/// The words of an article by day.
pub(super) const LIGHT_TEXT: Rgba = Rgba::gray(0x19);
/// The page by day.
pub(super) const LIGHT_GROUND: Rgba = Rgba::gray(0xff);
/// The words of an article by night.
pub(super) const DARK_TEXT: Rgba = Rgba::gray(0xa3);
/// The same for WeChat's own checker of articles.
pub(super) const CHECKED_TEXT: Rgba = Rgba::gray(0x98);
/// The page by night.
pub(super) const DARK_GROUND: Rgba = Rgba::gray(0x19);
/// Colours that cover less are left alone.
pub(super) const FAINT: f64 = 0.05;

/// From here on a colour is as good as white.
const WHITE: f64 = 250.0;
/// No ground is brighter.
const BRIGHTEST_GROUND: f64 = 190.0;
/// Words differ at least so much from their ground.
const LEAST_OFFSET: f64 = 65.0;
const PAGE: f64 = 25.0;
/// From here on a ground is bright, and words on it are made darker.
const BRIGHT_GROUND: f64 = 100.0;
/// Grays that are lighter turn over as grounds; words that are darker do, per cent.
const TURNING_LIGHTNESS: f64 = 40.0;
/// No ground is darker, per cent.
const LEAST_LIGHTNESS: f64 = 22.0;
/// The lightness of the dark page, per cent.
const PAGE_LIGHTNESS: f64 = 100.0 * PAGE / 255.0;

/// The colour of a ground.
pub(super) fn ground(color: Rgba) -> Rgba {
    let brightness = brightness(color.parts);
    let [hue, saturation, lightness] = hsl(color.parts);
    let parts = if saturation == 0.0 && lightness > TURNING_LIGHTNESS || brightness > WHITE {
        rgb([0.0, 0.0, (100.0 + PAGE_LIGHTNESS - lightness).min(100.0)])
    } else if brightness > BRIGHTEST_GROUND {
        with_brightness(color.parts, BRIGHTEST_GROUND)
    } else if lightness < LEAST_LIGHTNESS {
        rgb([hue, saturation, LEAST_LIGHTNESS])
    } else {
        color.parts
    };
    Rgba { parts, ..color }
}

/// The colour of words or of a line on a ground that was converted before. They differ from it
/// at most so much as the words of the page, `own`, from the page.
pub(super) fn words(color: Rgba, ground: Rgba, own: Rgba) -> Rgba {
    let most = brightness(own.parts) - PAGE;
    let ground = brightness(ground.parts) * ground.alpha + PAGE * (1.0 - ground.alpha);
    let mut parts = color.parts;
    // Turned over once at most: what was dark is light afterwards.
    loop {
        let own = brightness(parts);
        let offset = (ground - own).abs();
        if own >= WHITE {
            break;
        }
        if offset > most && ground <= PAGE + 2.0 {
            parts = with_brightness(parts, most + ground);
            break;
        }
        if offset >= LEAST_OFFSET {
            break;
        }
        let [hue, saturation, lightness] = hsl(parts);
        let (turns, target) = if ground >= BRIGHT_GROUND {
            (lightness > 90.0 - TURNING_LIGHTNESS, ground - LEAST_OFFSET)
        } else {
            (lightness <= TURNING_LIGHTNESS, ground + LEAST_OFFSET)
        };
        if turns {
            parts = rgb([hue, saturation, 90.0 - lightness]);
        } else {
            parts = with_brightness(parts, target.min(most));
            break;
        }
    }
    Rgba { parts, ..color }
}

/// The colour that a gradient is taken for: each stop covers those before it as far as it can.
pub(super) fn mixed(stops: &[Rgba]) -> Option<Rgba> {
    let mut stops = stops.iter().copied();
    let first = stops.next()?;
    Some(stops.fold(first, |below, above| {
        let weight = 2.0 * above.alpha - 1.0;
        let difference = above.alpha - below.alpha;
        let share = if weight * difference <= -1.0 {
            weight
        } else {
            (weight + difference) / (1.0 + weight * difference)
        };
        let share = f64::midpoint(share, 1.0);
        Rgba {
            parts: blend(below.parts, above.parts, share),
            alpha: above.alpha * above.alpha + below.alpha * (1.0 - above.alpha),
        }
    }))
}

/// A colour laid over another.
pub(super) fn over(below: Rgba, above: Rgba) -> Rgba {
    let opaque = |alpha: f64| if alpha == 0.0 { 1.0 } else { alpha };
    let (low, high) = (opaque(below.alpha), opaque(above.alpha));
    let alpha = low + high - low * high;
    Rgba {
        parts: blend(below.parts, above.parts.map(f64::round), high / alpha).map(f64::round),
        alpha,
    }
}

/// What is seen of a colour that covers a part of another, which is opaque.
pub(super) fn seen(below: [f64; 3], above: Rgba) -> [f64; 3] {
    blend(below, above.parts, above.alpha)
}

/// A colour as it is written down, in whole numbers.
pub(super) fn whole(color: Rgba) -> Rgba {
    // Rounded to tenths first, as the original writes colours.
    let parts = color
        .parts
        .map(|part| ((part * 10.0).round() / 10.0 + 0.5).floor());
    Rgba { parts, ..color }
}

/// The ratio of two colours' luminances (WCAG 2, §1.4.3), from 1 to 21.
pub(super) fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The shade of a colour, as near as can be, that has a contrast of 3 with the darkest ground by
/// day and the brightest by night that articles put behind words: their panels.
pub(super) fn seen_on_both(parts: [f64; 3]) -> [f64; 3] {
    const LEAST: f64 = 3.0;
    const PANELS: [f64; 2] = [0xf5 as f64, 0x23 as f64];
    let is_seen = |parts: [f64; 3]| {
        PANELS
            .iter()
            .all(|&panel| contrast(parts, [panel; 3]) >= LEAST)
    };
    let [hue, saturation, lightness] = hsl(parts);
    let shade = |lightness: f64| rgb([hue, saturation, lightness.clamp(0.0, 100.0)]);
    let steps = (0..=100).map(f64::from);
    let mut shades = steps.flat_map(|step| [shade(lightness + step), shade(lightness - step)]);
    if is_seen(parts) {
        return parts;
    }
    shades.find(|&parts| is_seen(parts)).unwrap_or(parts)
}

fn luminance(parts: [f64; 3]) -> f64 {
    let [red, green, blue] = parts.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn blend(below: [f64; 3], above: [f64; 3], share: f64) -> [f64; 3] {
    let [red, green, blue] = below;
    let [over_red, over_green, over_blue] = above;
    [(red, over_red), (green, over_green), (blue, over_blue)]
        .map(|(below, above)| below * (1.0 - share) + above * share)
}

fn brightness([red, green, blue]: [f64; 3]) -> f64 {
    (red * 299.0 + green * 587.0 + blue * 114.0) / 1000.0
}

/// A colour's parts scaled to a brightness. What the strongest part cannot give is left to one
/// other, as the original has it.
fn with_brightness(parts: [f64; 3], target: f64) -> [f64; 3] {
    let ratio = target / brightness(parts);
    let [mut red, mut green, mut blue] = parts.map(|part| (part * ratio).min(255.0));
    if green <= 0.0 || red >= 255.0 || blue >= 255.0 {
        green = (target * 1000.0 - red * 299.0 - blue * 114.0) / 587.0;
    } else if red <= 0.0 {
        red = (target * 1000.0 - green * 587.0 - blue * 114.0) / 299.0;
    } else if blue <= 0.0 || green >= 255.0 {
        blue = (target * 1000.0 - red * 299.0 - green * 587.0) / 114.0;
    }
    [red, green, blue].map(|part| part.clamp(0.0, 255.0))
}

/// Hue in degrees, saturation and lightness per cent.
fn hsl(parts: [f64; 3]) -> [f64; 3] {
    let [red, green, blue] = parts.map(|part| part / 255.0);
    let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
    let lightness = f64::midpoint(least, most);
    let range = most - least;
    if range == 0.0 {
        return [0.0, 0.0, lightness * 100.0];
    }
    let sixths = if red >= most {
        (green - blue) / range
    } else if green >= most {
        2.0 + (blue - red) / range
    } else {
        4.0 + (red - green) / range
    };
    let saturation = if lightness <= 0.5 {
        range / (most + least)
    } else {
        range / (2.0 - most - least)
    };
    [
        (sixths * 60.0).rem_euclid(360.0),
        saturation * 100.0,
        lightness * 100.0,
    ]
}

fn rgb([hue, saturation, lightness]: [f64; 3]) -> [f64; 3] {
    let (saturation, lightness) = (saturation / 100.0, lightness / 100.0);
    let reach = saturation * lightness.min(1.0 - lightness);
    // CSS Color 4, §7.1.
    [0.0, 8.0, 4.0].map(|shift| {
        let place = (shift + hue / 30.0) % 12.0;
        let height = (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0);
        (lightness - reach * height) * 255.0
    })
}

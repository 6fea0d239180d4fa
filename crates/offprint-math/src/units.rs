//! Quantities as siunitx writes them: numbers, units, ranges.

use std::fmt::Write as _;

use crate::token::{Kind, tokens};

/// Units and their signs.
const UNITS: &[(&str, &str)] = &[
    ("metre", "m"),
    ("meter", "m"),
    ("second", "s"),
    ("gram", "g"),
    ("kilogram", "kg"),
    ("ampere", "A"),
    ("kelvin", "K"),
    ("mole", "mol"),
    ("candela", "cd"),
    ("hertz", "Hz"),
    ("newton", "N"),
    ("pascal", "Pa"),
    ("joule", "J"),
    ("watt", "W"),
    ("coulomb", "C"),
    ("volt", "V"),
    ("farad", "F"),
    ("ohm", "Ω"),
    ("siemens", "S"),
    ("weber", "Wb"),
    ("tesla", "T"),
    ("henry", "H"),
    ("celsius", "{}^{\\circ}\\text{C}"),
    ("degreeCelsius", "{}^{\\circ}\\text{C}"),
    ("lumen", "lm"),
    ("lux", "lx"),
    ("becquerel", "Bq"),
    ("gray", "Gy"),
    ("sievert", "Sv"),
    ("radian", "rad"),
    ("steradian", "sr"),
    ("degree", "{}^{\\circ}"),
    ("arcminute", "{}'"),
    ("arcsecond", "{}''"),
    ("minute", "min"),
    ("hour", "h"),
    ("day", "d"),
    ("litre", "L"),
    ("liter", "L"),
    ("tonne", "t"),
    ("electronvolt", "eV"),
    ("dalton", "Da"),
    ("angstrom", "Å"),
    ("bel", "B"),
    ("decibel", "dB"),
    ("bit", "bit"),
    ("byte", "B"),
    ("percent", "%"),
    ("molar", "M"),
    ("bar", "bar"),
    ("parsec", "pc"),
    ("astronomicalunit", "au"),
];

/// Prefixes of units.
const PREFIXES: &[(&str, &str)] = &[
    ("femto", "f"),
    ("pico", "p"),
    ("nano", "n"),
    ("micro", "μ"),
    ("milli", "m"),
    ("centi", "c"),
    ("deci", "d"),
    ("deca", "da"),
    ("hecto", "h"),
    ("kilo", "k"),
    ("mega", "M"),
    ("giga", "G"),
    ("tera", "T"),
    ("peta", "P"),
    ("exa", "E"),
    ("kibi", "Ki"),
    ("mebi", "Mi"),
    ("gibi", "Gi"),
];

/// Prefixed units that have commands of their own.
const SHORT: &[&str] = &[
    "m", "km", "cm", "mm", "nm", "pm", "s", "ms", "ns", "ps", "g", "kg", "mg", "A", "mA", "K",
    "mol", "Hz", "kHz", "MHz", "GHz", "THz", "N", "kN", "Pa", "kPa", "MPa", "GPa", "J", "kJ", "W",
    "mW", "kW", "MW", "V", "mV", "kV", "F", "pF", "nF", "eV", "meV", "keV", "MeV", "GeV", "TeV",
    "l", "L", "mL", "dB", "C", "T", "H",
];

/// A command of siunitx in plain TeX; nothing for what is none.
pub(crate) fn quantity(command: &str, arguments: &[&str]) -> Option<String> {
    Some(match (command, arguments) {
        ("num", [number]) => format!("{{{}}}", numeral(number)),
        ("ang", [angle]) => angle_of(angle),
        ("si" | "unit", [unit]) => unit_of(unit)?,
        ("SI" | "qty", [number, unit]) => {
            let unit = unit_of(unit)?;
            format!("{{{}{}{unit}}}", numeral(number), gap(&unit))
        }
        ("numrange", [from, to]) => format!("{{{}\\text{{–}}{}}}", numeral(from), numeral(to)),
        ("SIrange" | "qtyrange", [from, to, unit]) => {
            let unit = unit_of(unit)?;
            let (from, to) = (numeral(from), numeral(to));
            format!("{{{from}\\text{{–}}{to}{}{unit}}}", gap(&unit))
        }
        _ => return None,
    })
}

/// The space between a number and its unit: degrees stand close.
fn gap(unit: &str) -> &'static str {
    if unit.starts_with("\\text{°}") || unit.starts_with("\\text{′") || unit.starts_with("\\text{″")
    {
        ""
    } else {
        "\\,"
    }
}

/// A number: `1.2e-3` has its power of ten, `+-` is plus or minus.
fn numeral(number: &str) -> String {
    let number = number.trim().replace("+-", "\\pm ");
    match number.split_once(['e', 'E', 'd']) {
        Some((digits, power)) if power.parse::<i32>().is_ok() && !digits.contains('\\') => {
            let power = power.trim_start_matches('+');
            if digits.trim().is_empty() {
                format!("10^{{{power}}}")
            } else {
                format!("{}\\times 10^{{{power}}}", digits.trim())
            }
        }
        _ => number.replace('x', "\\times "),
    }
}

/// An angle: degrees, minutes and seconds between semicolons.
fn angle_of(angle: &str) -> String {
    let mut out = String::from("{");
    for (part, sign) in angle.split(';').zip(["^{\\circ}", "'", "''"]) {
        if !part.trim().is_empty() {
            let _ = write!(out, "{}{sign}", part.trim());
        }
    }
    out.push('}');
    out
}

/// A unit; nothing where a command is no unit.
fn unit_of(unit: &str) -> Option<String> {
    let mut out = String::new();
    let mut prefix = "";
    let (mut is_below, mut power) = (false, "");
    let pieces = tokens(unit);
    let mut at = 0;
    while let Some(token) = pieces.get(at) {
        let text = token.text(unit);
        at += 1;
        let Some(name) = text.strip_prefix('\\').filter(|_| token.kind == Kind::Word) else {
            match text {
                "." | "~" => out.push_str("\\,"),
                "/" => out.push('/'),
                "\\%" | "%" => out.push_str("\\text{%}"),
                "^" | "_" | "{" | "}" => out.push_str(text),
                _ if token.kind == Kind::Blank => {}
                _ if text.starts_with('\\') => return None,
                // Letters that stand for themselves.
                _ => {
                    let _ = write!(out, "\\text{{{text}}}");
                }
            }
            continue;
        };
        match name {
            "per" => is_below = true,
            "square" => power = "2",
            "cubic" => power = "3",
            "squared" | "cubed" => {
                let power = if name == "squared" { "2" } else { "3" };
                raise(&mut out, power);
            }
            "tothe" | "raiseto" => {
                let power: String = pieces
                    .get(at..)
                    .unwrap_or_default()
                    .iter()
                    .take_while(|token| token.kind != Kind::Close)
                    .filter(|token| token.kind == Kind::Other)
                    .map(|token| token.text(unit))
                    .collect();
                at = pieces
                    .iter()
                    .skip(at)
                    .position(|token| token.kind == Kind::Close)
                    .map_or(pieces.len(), |close| at + close + 1);
                raise(&mut out, &power);
            }
            _ => {
                if let Some((_, sign)) = PREFIXES.iter().find(|(known, _)| *known == name) {
                    prefix = sign;
                    continue;
                }
                let known = UNITS.iter().find(|(known, _)| *known == name);
                let sign = match known {
                    Some((_, sign)) => *sign,
                    None if name == "um" => "μm",
                    None if name == "us" => "μs",
                    None => SHORT.iter().find(|short| **short == name)?,
                };
                if !out.is_empty() && !out.ends_with("\\,") {
                    out.push_str("\\,");
                }
                // Signs that are no letters are TeX already.
                let _ = if sign.starts_with('{') {
                    write!(out, "{sign}")
                } else {
                    write!(out, "\\text{{{prefix}{sign}}}")
                };
                prefix = "";
                match (is_below, power) {
                    (false, "") => {}
                    (false, power) => raise(&mut out, power),
                    (true, "") => out.push_str("^{-1}"),
                    (true, power) => {
                        let _ = write!(out, "^{{-{power}}}");
                    }
                }
                (is_below, power) = (false, "");
            }
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Raises what was written last to a power; one below the line stays below it.
fn raise(out: &mut String, power: &str) {
    match out.strip_suffix("^{-1}").map(str::len) {
        Some(length) => {
            out.truncate(length);
            let _ = write!(out, "^{{-{power}}}");
        }
        None => {
            let _ = write!(out, "^{{{power}}}");
        }
    }
}

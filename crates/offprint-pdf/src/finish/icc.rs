//! The colour space of all colours: sRGB as an ICC profile (ICC.1:2004-10, version 4.2).

/// Numbers of IEC 61966-2-1, adapted to the white of D50 as profiles want it (Bradford).
const RED: [f64; 3] = [0.436_07, 0.222_49, 0.013_92];
const GREEN: [f64; 3] = [0.385_15, 0.716_87, 0.097_08];
const BLUE: [f64; 3] = [0.143_07, 0.060_61, 0.714_10];
const WHITE: [f64; 3] = [0.964_2, 1.0, 0.824_9];
const ADAPTATION: [f64; 9] = [
    1.047_88, 0.022_92, -0.050_20, 0.029_59, 0.990_48, -0.017_07, -0.009_23, 0.015_08, 0.751_68,
];
/// Exponent, slopes and offsets of its curve.
const CURVE: [f64; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45];

/// The profile's bytes.
pub(crate) fn srgb() -> Vec<u8> {
    let fixed = |values: &[f64]| -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| ((value * 65536.0).round() as i32).to_be_bytes())
            .collect()
    };
    let typed = |kind: &[u8; 4], data: &[u8]| [kind.as_slice(), &[0; 4], data].concat();
    let xyz = |values: &[f64; 3]| typed(b"XYZ ", &fixed(values));
    let curve = typed(b"para", &[[0, 3, 0, 0].as_slice(), &fixed(&CURVE)].concat());
    let tags: [(&[u8; 4], Vec<u8>); 8] = [
        (b"desc", text("sRGB")),
        (b"cprt", text("No copyright")),
        (b"wtpt", xyz(&WHITE)),
        (b"rXYZ", xyz(&RED)),
        (b"gXYZ", xyz(&GREEN)),
        (b"bXYZ", xyz(&BLUE)),
        (b"chad", typed(b"sf32", &fixed(&ADAPTATION))),
        (b"rTRC", curve),
    ];
    let mut table = Vec::new();
    let mut data = Vec::new();
    // Red, green and blue share one curve.
    let count = tags.len() + 2;
    let start = 128 + 4 + 12 * count;
    let mut entry = |name: &[u8; 4], offset: usize, length: usize| {
        table.extend_from_slice(name);
        table.extend((offset as u32).to_be_bytes());
        table.extend((length as u32).to_be_bytes());
    };
    for (name, bytes) in &tags {
        let offset = start + data.len();
        entry(name, offset, bytes.len());
        if *name == b"rTRC" {
            entry(b"gTRC", offset, bytes.len());
            entry(b"bTRC", offset, bytes.len());
        }
        data.extend_from_slice(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut out = Vec::new();
    out.extend(((start + data.len()) as u32).to_be_bytes());
    out.extend([0; 4]);
    // Version 4.2, a display's profile from RGB to XYZ.
    out.extend([4, 0x20, 0, 0]);
    out.extend_from_slice(b"mntrRGB XYZ ");
    // A fixed day, as the same profile has the same bytes.
    for part in [2000_u16, 1, 1, 0, 0, 0] {
        out.extend(part.to_be_bytes());
    }
    out.extend_from_slice(b"acsp");
    out.resize(68, 0);
    out.extend(fixed(&WHITE));
    out.resize(128, 0);
    out.extend((count as u32).to_be_bytes());
    out.extend(table);
    out.extend(data);
    out
}

/// A text in English.
fn text(words: &str) -> Vec<u8> {
    let units: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut out = b"mluc\0\0\0\0".to_vec();
    for value in [1, 12] {
        out.extend(u32::to_be_bytes(value));
    }
    out.extend_from_slice(b"enUS");
    out.extend((units.len() as u32).to_be_bytes());
    out.extend(28_u32.to_be_bytes());
    out.extend(units);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_states_its_own_length_and_its_whites_add_up() {
        let profile = srgb();
        let (length, _) = profile.split_first_chunk::<4>().unwrap();
        assert_eq!(u32::from_be_bytes(*length) as usize, profile.len());
        assert!(profile.len() < 700);
        for index in 0..3 {
            let sum = RED[index] + GREEN[index] + BLUE[index];
            assert!((sum - WHITE[index]).abs() < 0.001);
        }
    }
}

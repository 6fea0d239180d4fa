//! The conversion against what WeChat's own made of the same styles.

use super::*;

#[test]
fn words_of_the_page_become_the_dark_page_s() {
    let (style, within) = darken(&Surroundings::default(), "p", "color:#191919");
    assert_eq!(style, "color:#a3a3a3");
    assert_eq!(within.text.dark, [0xa3; 3]);
}

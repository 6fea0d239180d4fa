use super::*;

const CATALOGUE: &str = r#"
# A comment.
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"

#, rust-format
msgid "`{written}` is no date: {month} has {days} days"
msgstr "`{written}` 不是日期：{month} 只有 {days} 天"

#, rust-format
msgid "this should be {wanted}"
msgstr "这里应为{wanted}"

msgid "a table of fields"
msgstr "一组字段"

msgid ""
"a line "
"and \"another\""
msgstr "一行和“另一行”"

#, rust-format
msgid "{number} issue"
msgstr "{number} 期"

#, rust-format
msgid "{number} papers"
msgstr "{number} 篇论文"

#, rust-format
msgid "Checked {}, {}: {}"
msgstr "检查了 {}、{}：{}"

#, rust-format
msgid "{first} before {last}"
msgstr "{last}在{first}之后"

#, rust-format
msgid "{verb:<7} {title}"
msgstr "{verb} {title}"

msgid "new"
msgstr "新建"

#, rust-format
msgid "{done:7} {file}:{line}: {about}"
msgstr "{done} {file}:{line}：{about}"

msgid "to mend"
msgstr "待改"

#, rust-format
msgid "left {first}{more}"
msgstr "留下 {first}{more}"

#, rust-format
msgid "and {} more"
msgstr "，另有 {}"
"#;

fn translated(text: &str) -> String {
    let translator = Translator::new(&read(CATALOGUE).unwrap());
    translator.translate_lines(text).into_owned()
}

#[test]
fn values_stand_where_the_translation_wants_them() {
    assert_eq!(
        translated("`2020-11-31` is no date: 2020-11 has 30 days"),
        "`2020-11-31` 不是日期：2020-11 只有 30 天"
    );
    assert_eq!(translated("A before B"), "B 在 A 之后");
}

#[test]
fn words_in_a_value_are_translated_and_data_is_not() {
    assert_eq!(
        translated("this should be a table of fields"),
        "这里应为一组字段"
    );
    assert_eq!(
        translated("`a table of fields` is no date: 2020-11 has 30 days"),
        "`a table of fields` 不是日期：2020-11 只有 30 天"
    );
    assert_eq!(
        translated("Checked 1 issue, 10 papers: 1 issue, 2 papers"),
        "检查了 1 期、10 篇论文：1 期、2 篇论文"
    );
}

#[test]
fn values_side_by_side_are_told_apart() {
    assert_eq!(translated("left a/b.md and 3 more"), "留下 a/b.md，另有 3");
    assert_eq!(translated("left 1 issue"), "留下 1 期");
}

#[test]
fn the_reading_that_knows_more_is_taken() {
    assert_eq!(translated("to mend a.md:3: 1 issue"), "待改 a.md:3：1 期");
}

#[test]
fn what_is_unknown_stays() {
    assert_eq!(translated("nobody wrote this"), "nobody wrote this");
    assert_eq!(translated(""), "");
    assert_eq!(translated("{}"), "{}");
    assert_eq!(translated("`"), "`");
}

#[test]
fn blanks_breaks_and_columns_stay() {
    assert_eq!(
        translated("  a line and \"another\"\n1 issue\n"),
        "  一行和“另一行”\n1 期\n"
    );
    assert_eq!(translated("new     x"), "新建    x");
}

#[test]
fn a_text_of_many_joints_takes_no_time() {
    let hostile = "a: b; c, d and e or ".repeat(2_000);
    let start = std::time::Instant::now();
    let _ = Translator::chinese().translate(&hostile);
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
}

#[test]
fn a_broken_catalogue_names_its_line() {
    for (text, line) in [
        ("msgid \"a\"\n", 1),
        ("\n\"a\"\n", 2),
        ("msgid \"a\nmsgstr \"b\"\n", 1),
        ("msgid \"a\"\nmsgstr \"\\q\"\n", 2),
    ] {
        assert_eq!(read(text).unwrap_err().line, line, "{text}");
    }
}

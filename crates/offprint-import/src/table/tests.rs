use super::*;
use offprint_core::model::Status;
use offprint_core::text::plain_text;

fn of(outcome: Outcome) -> Imported {
    outcome.unwrap()
}

fn lines(diagnostics: &[Diagnostic]) -> Vec<(usize, &str)> {
    let line = |d: &Diagnostic| d.place.as_ref().map_or(0, |place| place.line_column().0);
    diagnostics.iter().map(|d| (line(d), d.code)).collect()
}

#[test]
fn columns_are_known_by_many_names() {
    let text = "标题,作者,链接,会议,年份,标签,推荐理由,分类\n\
                \"A, B\",张三；李四,https://a.example/1,ICLR,2021,\"x, y\",\"值得读。\n\n还有一段。\",甲\n\
                C,,10.1000/x,,,,,甲\n\
                D,,https://a.example/3,,,,,乙\n\
                E,,https://a.example/4,,,,,乙\n";
    let imported = of(csv(&Source::new("x.csv", text)));
    let titles: Vec<_> = imported
        .draft
        .sections
        .iter()
        .map(|s| s.title.as_deref())
        .collect();
    assert_eq!(titles, [Some("甲"), Some("乙")]);
    let first = &imported.draft.sections[0].papers[0];
    assert_eq!(first.entry.title.as_deref(), Some("A, B"));
    assert_eq!(first.entry.authors, ["张三", "李四"]);
    assert_eq!(first.entry.year, Some(2021));
    assert_eq!(first.entry.tags, ["x", "y"]);
    assert_eq!(plain_text(&first.commentary), "值得读。\n还有一段。");
    let second = &imported.draft.sections[0].papers[1];
    assert_eq!(second.entry.doi.as_deref(), Some("10.1000/x"));
    assert_eq!(lines(&imported.diagnostics), []);
}

#[test]
fn a_zotero_table_is_read() {
    let text = "\"Key\",\"Item Type\",\"Publication Year\",\"Author\",\"Title\",\"Publication Title\",\"DOI\",\"Url\",\"Abstract Note\",\"Date\",\"Manual Tags\"\n\
                \"AB12\",\"conferencePaper\",\"2017\",\"Able, Ann; van der Berg, Bo\",\"A Paper\",\"NeurIPS\",\"10.1000/x\",\"http://arxiv.org/abs/1706.03762\",\"What it says.\",\"2017-06-12\",\"a; b\"\n";
    let imported = of(csv(&Source::new("z.csv", text)));
    let paper = imported.draft.papers().next().unwrap();
    assert_eq!(paper.entry.authors, ["Ann Able", "Bo van der Berg"]);
    assert_eq!(paper.entry.venue.as_deref(), Some("NeurIPS"));
    assert_eq!(paper.entry.kind.as_deref(), Some("paper-conference"));
    assert_eq!(paper.entry.date.unwrap().to_string(), "2017-06-12");
    assert_eq!(plain_text(&paper.entry.abstract_text), "What it says.");
    assert_eq!(lines(&imported.diagnostics), [(1, "import::left-out")]);
}

#[test]
fn a_bots_lines_are_read_and_broken_ones_told() {
    let text = "{\"title\": \"A\", \"authors\": [{\"given\": \"Ann\", \"family\": \"Able\"}, \"Bo B\"], \"arxiv\": \"2006.05929\", \"status\": \"oral\"}\n\
                \n{\"title\": \"B\", \n[1]\n{\"url\": \"ftp://x\"}\n{\"title\": \"C\", \"url\": \"https://a.example/c\", \"year\": 2020}\n";
    let imported = of(json_lines(&Source::new("x.jsonl", text)));
    let papers: Vec<_> = imported.draft.papers().collect();
    assert_eq!(papers.len(), 2);
    assert_eq!(papers[0].entry.authors, ["Ann Able", "Bo B"]);
    assert_eq!(papers[0].entry.status, Some(Status::Oral));
    assert_eq!(papers[1].entry.year, Some(2020));
    assert_eq!(
        lines(&imported.diagnostics),
        [
            (3, "import::left-out"),
            (4, "import::left-out"),
            (5, "import::left-out"),
            (5, "import::left-out")
        ]
    );
    let array = "[{\"title\": \"A, [x] \\\"{\", \"doi\": \"10.1/x\"},\n {\"title\": \"B\", \"doi\": \"10.1000/y\"}]";
    let imported = of(json_lines(&Source::new("x.json", array)));
    assert_eq!(imported.draft.papers().count(), 2);
}

#[test]
fn a_table_without_names_says_which_it_knows() {
    let faults = csv(&Source::new("x.csv", "1,2\n3,4\n")).unwrap_err();
    assert_eq!(lines(&faults), [(1, "import::no-columns")]);
    for text in ["", "title\n", "title,url\n,\n"] {
        assert!(csv(&Source::new("x.csv", text)).is_err(), "{text:?}");
    }
    let semicolons = "title;url\nA;https://a.example/1\n";
    assert_eq!(
        of(csv(&Source::new("x.csv", semicolons)))
            .draft
            .papers()
            .count(),
        1
    );
    let tabs = "Title\tLink\nA, b\thttps://a.example/1\n";
    assert_eq!(
        of(csv(&Source::new("x.tsv", tabs))).draft.papers().count(),
        1
    );
}

#[test]
fn names_of_columns_may_be_run_together_and_groups_are_kept() {
    let text = "Title,PaperURL,TweetURL,Description,Category\nA,https://a.example/1,https://x.example/1,Good.,a\n\
                B,https://a.example/2,,,b\nC,https://a.example/3,,,c\n";
    let imported = of(csv(&Source::new("x.csv", text)));
    let first = imported.draft.papers().next().unwrap();
    assert_eq!(first.entry.url.as_deref(), Some("https://a.example/1"));
    assert_eq!(
        first.entry.links[&LinkKind::Discussion],
        "https://x.example/1"
    );
    assert_eq!(plain_text(&first.commentary), "Good.");
    // As many groups as papers divide nothing.
    assert_eq!(imported.draft.sections.len(), 1);
    assert_eq!(first.entry.tags, ["a"]);
    let paper = "{\"paper\": \"B\", \"link\": \"https://a.example/b\"}\n";
    let imported = of(json_lines(&Source::new("x.jsonl", paper)));
    let paper = imported.draft.papers().next().unwrap();
    assert_eq!(paper.entry.title.as_deref(), Some("B"));
    assert_eq!(paper.entry.url.as_deref(), Some("https://a.example/b"));
}

#[test]
fn what_keeps_spreadsheets_from_computing_is_taken_off() {
    let text = "title,url\n'=1+1,https://a.example/1\n'tis,https://a.example/2\n";
    let imported = of(csv(&Source::new("x.csv", text)));
    let titles: Vec<_> = imported
        .draft
        .papers()
        .filter_map(|p| p.entry.title.as_deref())
        .collect();
    assert_eq!(titles, ["=1+1", "'tis"]);
}

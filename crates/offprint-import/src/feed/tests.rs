use super::*;

fn import(text: &str) -> Imported {
    read(&Source::new("feed", text)).unwrap()
}

const ATOM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xml:lang="en-US">
  <title type="html">ArXiv Query: search_query=all:memory</title>
  <id>http://arxiv.org/api/x</id>
  <updated>2026-11-20T00:00:00-05:00</updated>
  <entry>
    <id>http://arxiv.org/abs/2010.06891v2</id>
    <updated>2020-10-20T10:00:00Z</updated>
    <published>2020-10-14T09:03:14Z</published>
    <title>A title that
  runs on</title>
    <summary>  What it is about, with $O(n)$ steps.
</summary>
    <author><name>Ann Able</name></author>
    <author><name>Bo Baker</name></author>
    <link href="http://arxiv.org/abs/2010.06891v2" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/2010.06891v2" rel="related" type="application/pdf"/>
    <link title="doi" href="http://dx.doi.org/10.1000/x.1" rel="related"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>"#;

#[test]
fn a_preprint_servers_answer_gives_facts_and_abstracts() {
    let draft = import(ATOM).draft;
    let papers: Vec<_> = draft.papers().collect();
    let entry = &papers[0].entry;
    assert_eq!(entry.title.as_deref(), Some("A title that runs on"));
    assert_eq!(entry.authors, ["Ann Able", "Bo Baker"]);
    assert_eq!(entry.arxiv.as_deref(), Some("2010.06891v2"));
    assert_eq!(entry.doi.as_deref(), Some("10.1000/x.1"));
    assert_eq!(entry.date.unwrap().to_string(), "2020-10-14");
    assert!(entry.links[&LinkKind::Pdf].contains("pdf"));
    assert!(plain_text(&entry.abstract_text).starts_with("What it is about"));
    assert!(papers[0].commentary.is_empty());
    assert_eq!(draft.date.as_deref(), Some("2020-10-14"));
}

#[test]
fn a_blogs_items_are_comments() {
    let rss = r#"<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Notes &amp; more</title>
<link>https://blog.example/</link><language>zh-cn</language><item><title>First</title>
<link>https://blog.example/1</link><dc:creator>甲、乙</dc:creator><category>a</category>
<content:encoded><![CDATA[<p>Read <b>this</b>.</p><p>Twice.</p>]]></content:encoded></item>
<item><title>Second</title><category>b</category></item><item><title>Third</title>
<link>https://blog.example/3</link><category>a</category></item>
<item><title>Fourth</title><link>https://blog.example/4</link><category>b</category></item>
<item><description></description></item></channel></rss>"#;
    let imported = import(rss);
    let draft = &imported.draft;
    assert_eq!(draft.lang.as_ref().unwrap().as_str(), "zh-cn");
    assert_eq!(
        draft.source.as_ref().unwrap().name.as_deref(),
        Some("Notes & more")
    );
    let titles: Vec<_> = draft.sections.iter().map(|s| s.title.as_deref()).collect();
    assert_eq!(titles, [Some("a"), Some("b")]);
    let first = &draft.sections[0].papers[0];
    // Who writes of a paper did not write it.
    assert_eq!(first.entry.authors, Vec::<String>::new());
    assert_eq!(
        crate::write::text(&first.commentary),
        "Read **this**.\n\nTwice.\n"
    );
    let codes: Vec<_> = imported.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["import::no-address", "import::left-out"]);
    let line = imported.diagnostics[0]
        .place
        .as_ref()
        .unwrap()
        .line_column()
        .0;
    assert_eq!(line, 6);
}

#[test]
fn json_feeds_are_read() {
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[
      {"id":"1","url":"https://a.example/1","title":"One","content_html":"<p>x</p>","tags":["t"]}]}"#;
    let draft = import(json).draft;
    let paper = draft.papers().next().unwrap();
    assert_eq!(paper.entry.title.as_deref(), Some("One"));
    assert_eq!(paper.entry.url.as_deref(), Some("https://a.example/1"));
}

#[test]
fn a_page_that_an_item_is_about_is_the_papers() {
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[
      {"id":"1","url":"https://blog.example/1","external_url":"https://arxiv.org/abs/2006.05929",
       "title":"One. (arXiv:2006.05929v2 [cs.CL] UPDATED)","authors":[{"name":"Ed"}],
       "content_text":"Abstract: With $p_T < 5$ and $n$."}]}"#;
    let draft = import(json).draft;
    let entry = &draft.papers().next().unwrap().entry;
    assert_eq!(entry.title.as_deref(), Some("One"));
    assert_eq!(entry.arxiv.as_deref(), Some("2006.05929"));
    assert_eq!(entry.links[&LinkKind::Blog], "https://blog.example/1");
    assert_eq!(entry.authors, Vec::<String>::new());
    assert_eq!(
        crate::write::text(&entry.abstract_text),
        "With $p_T < 5$ and $n$.\n"
    );
}

#[test]
fn what_is_no_feed_is_told_with_its_line() {
    let broken =
        "<?xml version='1.0'?>\n<rss version='2.0'>\n<channel><title>x</titel></channel></rss>";
    let faults = read(&Source::new("feed", broken)).unwrap_err();
    assert_eq!(faults[0].code, "import::syntax");
    assert_eq!(faults[0].place.as_ref().unwrap().line_column().0, 3);
    let empty = "<rss version='2.0'><channel><title>x</title></channel></rss>";
    let faults = read(&Source::new("feed", empty)).unwrap_err();
    assert_eq!(faults[0].code, "import::no-papers");
}

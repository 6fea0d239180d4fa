use super::*;

const ISSUE: &str = "---\ntitle: 选读\ndate: 2020-11-02\n---\n\n## 一\n\n### A Title\n- 链接: https://arxiv.org/abs/1\n\nwords\n";

#[test]
#[expect(clippy::too_many_lines, reason = "a table of samples")]
fn what_a_text_holds_decides() {
    let page = "标题：一期论文\n作者：某号\n\n1. Learning to Fold\n论文链接：https://arxiv.org/abs/2006.05929\n\
                这篇论文讲的是怎么折纸，很有意思。\n阅读原文\n";
    for (name, text, wanted) in [
        ("-", "@article{a, title={X}}", Kind::Bibtex),
        (
            "a.txt",
            "% Encoding: UTF-8\n\n@inproceedings{a,\n  title = {X},\n}\n",
            Kind::Bibtex,
        ),
        ("-", "@comment{x}\n@book(a, title=\"X\")", Kind::Bibtex),
        (
            "a.bib",
            "Exported by a tool.\n\n@misc{a,\n title={X}}",
            Kind::Bibtex,
        ),
        ("a.bib", "", Kind::Bibtex),
        ("-", "TY  - JOUR\nTI  - X\nER  - \n", Kind::Ris),
        (
            "-",
            "\u{feff}\r\n\r\nTY - JOUR\r\nTI - X\r\nER - \r\n",
            Kind::Ris,
        ),
        (
            "export.txt",
            "Provider: a publisher\nDatabase: x\n\nTY  - CONF\nER  -\n",
            Kind::Ris,
        ),
        (
            "-",
            "[{\"id\":\"a\",\"type\":\"article-journal\",\"title\":\"X\"}]",
            Kind::CslJson,
        ),
        (
            "-",
            "\n[\n  {\n \"title\": \"X\", \"issued\": {\"date-parts\": [[2020]]}}]",
            Kind::CslJson,
        ),
        (
            "-",
            "[{\"title\":\"X\",\"author\":[{\"family\":\"Li\"}]}]",
            Kind::CslJson,
        ),
        ("-", "{\"items\":[{\"type\":\"book\"}]}", Kind::CslJson),
        ("a.json", "[{\"title\": \"X\", oops", Kind::CslJson),
        ("-", "[]", Kind::CslJson),
        (
            "-",
            "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"X\",\"items\":[]}",
            Kind::Feed,
        ),
        (
            "-",
            "{\"title\":\"X\",\"home_page_url\":\"https://a.example\",\"items\":[]}",
            Kind::Feed,
        ),
        (
            "-",
            "{\"title\":\"X\",\"url\":\"u\"}\n{\"title\":\"Y\"}\n",
            Kind::JsonLines,
        ),
        ("a.jsonl", "{\"title\":\"X\"}\n", Kind::JsonLines),
        (
            "-",
            "{\"title\":\"X\",\"url\":\"https://arxiv.org/abs/1706.03762\"}",
            Kind::JsonLines,
        ),
        ("a.jsonl", "{\"title\":\"X\"}\n{oops\n", Kind::JsonLines),
        (
            "-",
            "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel/></rss>",
            Kind::Feed,
        ),
        (
            "-",
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>",
            Kind::Feed,
        ),
        (
            "-",
            "<?xml version=\"1.0\"?><!-- c --><rdf:RDF xmlns=\"x\"/>",
            Kind::Feed,
        ),
        (
            "-",
            "<!DOCTYPE html>\n<html><body>x</body></html>",
            Kind::Html,
        ),
        ("a.txt", "<html lang=zh><head><title>x</title>", Kind::Html),
        (
            "-",
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html>",
            Kind::Html,
        ),
        (
            "-",
            "<div class=a>\n<p>one</p>\n<p>two</p>\n</div>\n",
            Kind::Html,
        ),
        (
            "README.md",
            "<p align=\"center\">\n<img src=a.png>\n</p>\n\n# List\n\n- [A](https://arxiv.org/abs/1)\n- [B](https://x.org)\n",
            Kind::Markdown,
        ),
        (
            "-",
            "# Awesome X\n\n- [A](https://arxiv.org/abs/1706.03762) - words\n- [B](https://b.example)\n",
            Kind::Markdown,
        ),
        (
            "-",
            "| Title | Link |\n|---|:-:|\n| A | [pdf](https://a.example/a.pdf) |\n",
            Kind::Markdown,
        ),
        (
            "-",
            "[[paper]](https://arxiv.org/abs/1706.03762) **Attention**\n\n**B** [[pdf]](https://b.example/b.pdf)\n",
            Kind::Markdown,
        ),
        ("a.md", "- A paper by somebody\n", Kind::Markdown),
        (
            "-",
            "# 论文\n\n```\n@article{a,\n title={x}}\n```\n* [A](https://arxiv.org/abs/1706.03762)\n",
            Kind::Markdown,
        ),
        (
            "-",
            "title,url,authors\nX,https://a.example,\"A; B\"\n",
            Kind::Csv,
        ),
        ("-", "标题\t链接\n一\thttps://a.example\n", Kind::Csv),
        ("papers.csv", "one,two\n1,2\n", Kind::Csv),
        (
            "-",
            "\"Key\",\"Item Type\",\"Publication Year\",\"Author\",\"Title\"\n\"A\",\"journalArticle\",\"2020\",\"Li\",\"X\"\n",
            Kind::Csv,
        ),
        (
            "-",
            "https://arxiv.org/abs/1706.03762\nhttps://openreview.net/forum?id=zOGdf9K8aC\n",
            Kind::Links,
        ),
        ("-", "1706.03762\n", Kind::Links),
        (
            "-",
            "## 自监督\n- arXiv:2006.05929v2\n- 10.1000/182 a remark\n",
            Kind::Links,
        ),
        ("-", "# to read\n\ndoi:10.1000/182\n", Kind::Links),
        ("-", page, Kind::Page),
        ("-", "", Kind::Page),
        ("a.txt", "just some words\n", Kind::Page),
        ("a.md", page, Kind::Markdown),
        ("saved.html", "words without a tag", Kind::Html),
    ] {
        assert_eq!(detect(name, text), Detected::Kind(wanted), "{name}: {text}");
    }
}

#[test]
fn an_issue_of_our_own_is_known() {
    for (name, text) in [
        ("issue.md", ISSUE),
        ("-", ISSUE),
        (
            "-",
            "\u{feff}+++\ntitle = \"X\"\ndate = 2020-11-02\n+++\n\n### [A](https://arxiv.org/abs/1)\n",
        ),
        ("-", "---\ntitle: X\ndate: 2020-11-02\n---\n### @key\n"),
        (
            "a.yaml",
            "title: X\ndate: 2020-11-02\nsections:\n  - title: A\n",
        ),
        (
            "a.toml",
            "title = \"X\"\ndate = 2020-11-02\n\n[[sections]]\ntitle = \"A\"\n",
        ),
        (
            "-",
            "{\"title\":\"X\",\"date\":\"2020-11-02\",\"sections\":[]}",
        ),
    ] {
        assert_eq!(detect(name, text), Detected::Issue, "{text}");
    }
}

#[test]
fn front_matter_of_others_makes_no_issue() {
    let post = "---\ntitle: My post\ndate: 2020-01-01\nlayout: post\n---\n\n### Intro\n\nwords\n\n\
                - [A](https://arxiv.org/abs/1706.03762)\n- [B](https://b.example)\n";
    assert_eq!(detect("post.md", post), Detected::Kind(Kind::Markdown));
}

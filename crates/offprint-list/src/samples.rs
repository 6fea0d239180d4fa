//! Issues for tests, as the program reads them.

use offprint_core::load::{self, Form, Location};
use offprint_core::{Issue, Series, Source};

pub(crate) const HOSTILE: &str =
    "50% & $5 #1 a_b {x} ~y^2 \\cmd <b> | `c` *d* [e](f) \"q\" ]]> =1+2 -x @y";

pub(crate) fn series() -> Series {
    let text = "[series]\nid = \"weekly\"\ntitle = \"Weekly\"\nlang = \"en\"\nurl = \"https://weekly.example.org/\"\n";
    match load::series(&Source::new("offprint.toml", text)).value {
        Some(series) => series,
        None => panic!("this is a series"),
    }
}

/// An issue whose papers are these Markdown headings with what is beneath them.
pub(crate) fn issue(id: &str, papers: &str) -> Issue {
    let text = format!(
        "---\ntitle: Issue {id}\ndate: 2026-11-20\nnumber: 31\nlang: en\n---\n\n## Section\n\n{papers}\n"
    );
    let location = Location {
        folder: "issues".to_owned(),
        stem: id.to_owned(),
    };
    let source = Source::new(format!("{id}.md"), text);
    let loaded = load::issue(&source, Form::Markdown, &location, &series());
    match loaded.value {
        Some(issue) => issue,
        None => panic!("{:?}", loaded.diagnostics),
    }
}

/// One of everything.
pub(crate) fn full() -> Issue {
    issue(
        "031",
        "### Attention Is All You Need\n\
         - arxiv: 1706.03762v5\n- doi: 10.5555/3295222.3295349\n\
         - authors: Ashish Vaswani; Noam M. Shazeer; Laurens van der Maaten; John Smith Jr.; 张三; Google Brain Team\n\
         - venue: NeurIPS 2017\n- date: 2017-06-12\n- status: oral\n- lang: en\n\
         - tags: attention, sequence models\n- rating: 5\n- presenter: 李四\n\
         - affiliations: Google; U. of T.\n- pdf: https://e.example.org/a_b.pdf?x=1&y=%20{z}\n\
         - code: https://e.example.org/code\n- tldr: No recurrence.\n- abstract: It is *simple*.\n\n\
         Read it.[^1]\n\nTwice.\n\n[^1]: A note.\n\n\
         ### 自监督学习综述\n- openreview: -bdp_8Itjwp\n- authors: 张三、李四\n- 会议: 计算机学报 2020\n- type: article-journal\n- lang: zh-CN\n\n评。\n\n\
         ### On the BERT of $O(n^2)$ and Gaussian noise in small words again\n- url: https://e.example.org/p\n- authors: Émile Øster\n\nC.\n\n\
         ### A Book\n- isbn: 9783161484100\n- type: book\n- year: 1999\n- authors: Smith, John\n\nC.\n",
    )
}

//! Pages of many kinds, in words of our own about papers that there are.

use std::fmt::Write as _;
use std::sync::Arc;

use offprint_core::Source;
use offprint_core::model::{LinkKind, SourceKind, Status};
use offprint_core::text::{Block, Inline, plain_text};

use super::{Form, read};
use crate::{DraftPaper, Fate, Imported};

fn text(page: &str) -> Imported {
    read(&Source::new("page.txt", page), Form::Text).unwrap()
}

fn html(page: &str) -> Imported {
    read(&Source::new("page.html", page), Form::Html).unwrap()
}

fn titles(imported: &Imported) -> Vec<&str> {
    imported
        .draft
        .papers()
        .map(|paper| paper.entry.title.as_deref().unwrap_or_default())
        .collect()
}

fn urls(imported: &Imported) -> Vec<&str> {
    imported
        .draft
        .papers()
        .map(|paper| paper.entry.url.as_deref().unwrap_or_default())
        .collect()
}

fn sections(imported: &Imported) -> Vec<(&str, usize)> {
    imported
        .draft
        .sections
        .iter()
        .map(|section| {
            (
                section.title.as_deref().unwrap_or_default(),
                section.papers.len(),
            )
        })
        .collect()
}

fn paper(imported: &Imported, index: usize) -> &DraftPaper {
    imported.draft.papers().nth(index).unwrap()
}

fn comment(imported: &Imported, index: usize) -> String {
    plain_text(&paper(imported, index).commentary)
}

fn summary(imported: &Imported, index: usize) -> String {
    plain_text(&paper(imported, index).entry.abstract_text)
}

fn codes(imported: &Imported) -> Vec<&str> {
    imported
        .diagnostics
        .iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn a_copied_digest_is_read_whole() {
    let imported = text(include_str!("samples/plain-digest.txt"));
    let draft = &imported.draft;
    assert_eq!(draft.title.as_deref(), Some("表示学习与记忆机制论文选读"));
    assert_eq!(draft.date.as_deref(), Some("2021-03-04T09:05"));
    assert_eq!(draft.authors, ["小窗读"]);
    assert_eq!(draft.editors, ["lm"]);
    let source = draft.source.as_ref().unwrap();
    assert_eq!(source.kind, Some(SourceKind::Wechat));
    assert_eq!(source.name.as_deref(), Some("小窗读论文"));
    assert_eq!(source.id.as_deref(), Some("xiaochuang"));
    assert_eq!(
        source.title.as_deref(),
        Some("【会议选读】 【表示学习】 & 【记忆】四篇")
    );
    assert_eq!(
        draft.declaration.as_deref(),
        Some("本文由入驻作者撰写,观点只代表作者本人,如有问题请联系本站处理。")
    );
    assert_eq!(sections(&imported), [("自监督学习", 2), ("Transformer", 2)]);
    assert_eq!(
        titles(&imported),
        [
            "Self-Supervised Variational Auto-Encoders",
            "Bi-Tuning of Pre-Trained Representations",
            "Addressing Some Limitations of Transformers with Feedback Memory",
            "Not All Memories are Created Equal: Learning to Expire",
        ]
    );
    assert_eq!(
        urls(&imported).first(),
        Some(&"https://openreview.net/forum?id=zOGdf9K8aC")
    );
    assert_eq!(
        paper(&imported, 0).entry.openreview.as_deref(),
        Some("zOGdf9K8aC")
    );
    assert!(comment(&imported, 1).starts_with("微调时"));
    assert_eq!(draft.intro.len(), 2);
    let tags: Vec<_> = draft
        .tags
        .iter()
        .map(|tag| (tag.name.as_str(), tag.followers, tag.articles, tag.views))
        .collect();
    assert_eq!(
        tags,
        [
            ("人工智能", Some(12), Some(345), Some(6789)),
            ("Transformer", Some(0), Some(13), Some(592)),
        ]
    );
    let related: Vec<_> = draft
        .related
        .iter()
        .map(|item| {
            (
                item.title.as_str(),
                item.date.map(|date| date.to_string()),
                item.views,
            )
        })
        .collect();
    assert_eq!(
        related,
        [
            ("怎样读一篇长论文", None, Some(861)),
            (
                "基于注意力的路面检测小结",
                Some("2020-12-06".to_owned()),
                Some(903)
            ),
        ]
    );
    assert!(
        draft.related[0]
            .summary
            .as_deref()
            .unwrap()
            .starts_with("先看图")
    );
    assert_eq!(codes(&imported), ["import::no-year"]);
}

#[test]
fn every_line_has_a_fate_and_no_navigation_is_kept() {
    let page = include_str!("samples/plain-digest.txt");
    let imported = text(page);
    let mut at = 0;
    for line in page.split_inclusive('\n') {
        let words = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{2022}');
        let span = at..at + line.len();
        at += line.len();
        if words.is_empty() {
            continue;
        }
        let fates: Vec<_> = imported
            .trace
            .iter()
            .filter(|traced| traced.span.start < span.end && span.start < traced.span.end)
            .collect();
        assert!(!fates.is_empty(), "{words}");
        if ["会员中心", "聊天消息", "创作中心", "评论"].contains(&words) {
            assert!(
                fates
                    .iter()
                    .any(|traced| matches!(traced.fate, Fate::Dropped(_))),
                "{words}"
            );
        }
    }
    let all = format!("{:?}", imported.draft);
    for word in ["会员中心", "聊天消息", "积分", "收藏", "+关注"] {
        assert!(!all.contains(word), "{word}");
    }
}

#[test]
fn numbered_papers_with_labelled_lines() {
    let imported = text(include_str!("samples/numbered-blocks.txt"));
    assert_eq!(imported.draft.date.as_deref(), Some("2022-05-09T18:30"));
    assert_eq!(imported.draft.authors, ["机器读书会"]);
    assert_eq!(
        titles(&imported),
        [
            "The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks",
            "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
            "Distilling the Knowledge in a Neural Network",
        ]
    );
    assert_eq!(
        paper(&imported, 0).entry.authors,
        ["Jonathan Frankle", "Michael Carbin"]
    );
    // The list breaks off, and says so.
    assert!(
        paper(&imported, 1)
            .entry
            .authors
            .ends_with(&["Bo Chen".to_owned(), "等".to_owned()])
    );
    assert_eq!(
        paper(&imported, 0).entry.arxiv.as_deref(),
        Some("1803.03635")
    );
    assert_eq!(urls(&imported)[0], "https://arxiv.org/abs/1803.03635");
    assert_eq!(
        paper(&imported, 0).entry.links[&LinkKind::Pdf],
        "https://arxiv.org/pdf/1803.03635.pdf"
    );
    assert_eq!(
        paper(&imported, 1).entry.links[&LinkKind::Code],
        "https://github.com/google/gemmlowp"
    );
    assert!(summary(&imported, 2).starts_with("大模型的软标签"));
    assert_eq!(comment(&imported, 2), "蒸馏的出处。");
}

#[test]
fn labels_on_one_line_and_titles_in_two_languages() {
    let imported = text(include_str!("samples/arxiv-daily.txt"));
    assert_eq!(
        sections(&imported),
        [("Transformer(2篇)", 2), ("检测相关(1篇)", 1)]
    );
    assert_eq!(
        titles(&imported)[1],
        "Training data-efficient image transformers & distillation through attention"
    );
    assert_eq!(comment(&imported, 1), "省数据的图像变换器与注意力蒸馏");
    assert!(summary(&imported, 1).starts_with("只用 ImageNet"));
    let entry = &paper(&imported, 0).entry;
    assert_eq!(entry.authors.len(), 3);
    assert_eq!(entry.affiliations, ["Google Research, Brain Team"]);
    assert_eq!(entry.venue.as_deref(), Some("ICLR 2021"));
    assert_eq!(entry.arxiv.as_deref(), Some("2010.11929"));
}

#[test]
fn numbers_on_lines_of_their_own_and_chinese_titles() {
    let imported = text(include_str!("samples/marker-han.txt"));
    assert_eq!(
        titles(&imported),
        [
            "基于数据分布生成的可预测概念漂移适应",
            "平面布局的自动生成",
            "记忆式的文本摘要"
        ]
    );
    assert_eq!(
        urls(&imported),
        [
            "https://arxiv.org/abs/2201.04038",
            "https://arxiv.org/abs/2112.01231",
            "https://arxiv.org/abs/2101.00123"
        ]
    );
    assert!(
        paper(&imported, 0)
            .entry
            .links
            .contains_key(&LinkKind::Code)
    );
    assert_eq!(paper(&imported, 0).commentary.len(), 2);
    assert!(!comment(&imported, 0).contains("示意图"));
    assert_eq!(imported.draft.date.as_deref(), Some("2022-02-18"));
}

#[test]
fn titles_in_book_marks_with_a_venue() {
    let imported = text(include_str!("samples/venue-books.txt"));
    assert_eq!(
        titles(&imported)[2],
        "How Powerful are Graph Neural Networks?"
    );
    let entry = &paper(&imported, 2).entry;
    assert_eq!(entry.venue.as_deref(), Some("ICLR 2019"));
    assert_eq!(entry.arxiv.as_deref(), Some("1810.00826"));
    assert_eq!(entry.affiliations, ["MIT", "斯坦福大学"]);
    assert_eq!(entry.authors.len(), 4);
    assert!(!paper(&imported, 1).tldr.is_empty());
    assert_eq!(
        imported.draft.source.as_ref().unwrap().name.as_deref(),
        Some("图与网络")
    );
}

#[test]
fn a_label_above_its_text() {
    let imported = text(include_str!("samples/labelled-han.txt"));
    assert_eq!(titles(&imported).len(), 3);
    assert_eq!(
        paper(&imported, 0).entry.date.map(|date| date.to_string()),
        Some("2017-08-16".to_owned())
    );
    assert_eq!(
        paper(&imported, 0).entry.authors,
        ["He Xiangnan", "Liao Lizi", "Zhang Hanwang"]
    );
    assert!(comment(&imported, 1).starts_with("用户的兴趣"));
    assert!(!comment(&imported, 2).contains("转载"));
    assert_eq!(imported.draft.authors, ["周周读"]);
    assert_eq!(codes(&imported), ["import::no-date"]);
}

#[test]
fn an_english_newsletter() {
    let imported = text(include_str!("samples/newsletter.txt"));
    assert_eq!(
        imported.draft.title.as_deref(),
        Some("Reading Group Weekly #42")
    );
    assert_eq!(imported.draft.date.as_deref(), Some("2023-03-03"));
    assert_eq!(sections(&imported), [("Language models", 2), ("Vision", 1)]);
    assert_eq!(
        paper(&imported, 0).entry.authors,
        ["Jason Wei", "Xuezhi Wang", "Dale Schuurmans"]
    );
    assert!(comment(&imported, 2).starts_with("Captions from the web"));
}

#[test]
fn a_subject_and_a_name_above_the_title() {
    let imported = text(include_str!("samples/recommendations.txt"));
    assert_eq!(
        titles(&imported),
        [
            "A Knowledge-Grounded Neural Conversation Model",
            "Bidirectional Attention Flow for Machine Comprehension",
            "Get To The Point: Summarization with Pointer-Generator Networks",
        ]
    );
    assert_eq!(paper(&imported, 1).entry.tags, ["Question Answering"]);
    assert_eq!(
        paper(&imported, 1).entry.links[&LinkKind::Code],
        "https://github.com/allenai/bi-att-flow"
    );
}

#[test]
fn nothing_but_chinese_titles() {
    let imported = text(include_str!("samples/titles-only.txt"));
    assert_eq!(
        titles(&imported),
        [
            "自监督视觉表示的动量对比方法",
            "视觉表示对比学习的简单框架",
            "不用负样本的自监督学习"
        ]
    );
    let Block::Paragraph(content) = &paper(&imported, 2).commentary[0] else {
        panic!("no paragraph");
    };
    assert!(
        content
            .iter()
            .any(|inline| matches!(inline, Inline::Math(formula) if formula.tex.contains("cos")))
    );
}

#[test]
fn numbers_in_brackets_and_english_labels() {
    let imported = text(include_str!("samples/brackets.txt"));
    assert_eq!(
        imported.draft.title.as_deref(),
        Some("【论文速递】检测方向三篇")
    );
    assert_eq!(
        titles(&imported),
        [
            "Focal and Global Knowledge Distillation for Detectors",
            "Unknown-Aware Object Detection: Learning What You Don't Know from Videos in the Wild",
            "Point Density-Aware Voxels for LiDAR 3D Object Detection",
        ]
    );
    assert_eq!(
        urls(&imported),
        [
            "https://arxiv.org/abs/2111.11837",
            "https://arxiv.org/abs/2203.03800",
            "https://arxiv.org/abs/2203.05662"
        ]
    );
    assert_eq!(comment(&imported, 0), "检测器的焦点与全局蒸馏");
    assert_eq!(paper(&imported, 0).entry.tags.len(), 2);
    assert!(
        imported
            .draft
            .papers()
            .all(|paper| paper.entry.links.contains_key(&LinkKind::Code))
    );
}

#[test]
fn a_saved_wechat_page() {
    let imported = html(include_str!("samples/wechat.html"));
    let draft = &imported.draft;
    assert_eq!(draft.title.as_deref(), Some("三篇谈生成模型的论文"));
    assert_eq!(draft.date.as_deref(), Some("2020-11-02T15:50+08:00"));
    assert_eq!(
        draft.source.as_ref().unwrap().name.as_deref(),
        Some("小窗读论文")
    );
    assert_eq!(draft.editors, ["晓晓"]);
    assert_eq!(
        titles(&imported),
        [
            "Auto-Encoding Variational Bayes",
            "Generative Adversarial Networks",
            "Denoising Diffusion Probabilistic Models"
        ]
    );
    let commentary = &paper(&imported, 0).commentary;
    let Block::Paragraph(first) = &commentary[0] else {
        panic!("no paragraph");
    };
    assert!(
        first
            .iter()
            .any(|inline| matches!(inline, Inline::Strong(_)))
    );
    let Block::Paragraph(second) = &commentary[1] else {
        panic!("no paragraph");
    };
    assert!(second.iter().any(
        |inline| matches!(inline, Inline::Math(formula) if formula.tex == "\\mathcal{L}(\\theta)")
    ));
    assert!(matches!(paper(&imported, 1).commentary[1], Block::List(_)));
    assert!(!format!("{draft:?}").contains("二维码"));
    assert!(!format!("{draft:?}").contains("Not A Real Title"));
    assert_eq!(codes(&imported), ["import::pictures"]);
}

#[test]
fn a_post_with_its_papers_as_linked_headings() {
    let imported = html(include_str!("samples/post.html"));
    let draft = &imported.draft;
    assert_eq!(draft.title.as_deref(), Some("Three papers on scaling"));
    assert_eq!(draft.date.as_deref(), Some("2022-04-18T09:30+02:00"));
    assert_eq!(draft.authors, ["Ann Lee"]);
    assert_eq!(
        draft.canonical.as_deref(),
        Some("https://notes.example/2022/scaling/")
    );
    assert_eq!(sections(&imported), [("Laws", 2), ("Limits", 1)]);
    assert_eq!(paper(&imported, 1).entry.authors.len(), 3);
    let commentary = &paper(&imported, 0).commentary;
    assert!(matches!(commentary.last(), Some(Block::Quote(_))));
    let shown = format!("{commentary:?}");
    assert!(
        shown.contains("https://notes.example/2021/compute/"),
        "{shown}"
    );
    assert!(shown.contains("Code(\"fit.py\")"));
    let tags: Vec<&str> = draft.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(tags, ["scaling", "llm"]);
    assert!(!format!("{draft:?}").contains("Not Explanation"));
}

#[test]
fn a_table_whose_head_says_what_its_columns_hold() {
    let imported = html(include_str!("samples/table.html"));
    assert_eq!(imported.draft.date.as_deref(), Some("2021-12-01"));
    assert_eq!(titles(&imported).len(), 4);
    let entry = &paper(&imported, 0).entry;
    assert_eq!(
        entry.title.as_deref(),
        Some("Deep Residual Learning for Image Recognition")
    );
    assert_eq!(entry.authors, ["Kaiming He", "Xiangyu Zhang"]);
    assert_eq!(entry.venue.as_deref(), Some("CVPR 2016"));
    assert_eq!(entry.arxiv.as_deref(), Some("1512.03385"));
    assert!(entry.links.contains_key(&LinkKind::Code));
    assert_eq!(comment(&imported, 3), "宽、深、分辨率一起放大。");
}

#[test]
fn a_table_copied_as_text() {
    let imported = text(
        "一览\n2021-01-02\n\nPaper\tVenue\tLink\nDeep Residual Learning for Image Recognition\tCVPR 2016\thttps://arxiv.org/abs/1512.03385\nGraph Attention Networks\tICLR 2018\thttps://arxiv.org/abs/1710.10903\n",
    );
    assert_eq!(
        titles(&imported),
        [
            "Deep Residual Learning for Image Recognition",
            "Graph Attention Networks"
        ]
    );
    assert_eq!(
        paper(&imported, 1).entry.arxiv.as_deref(),
        Some("1710.10903")
    );
}

#[test]
fn a_list_of_linked_titles() {
    let imported = html(include_str!("samples/list.html"));
    assert_eq!(imported.draft.title.as_deref(), Some("强化学习阅读清单"));
    assert_eq!(imported.draft.date.as_deref(), Some("2020-07-15T21:08"));
    assert_eq!(sections(&imported), [("值函数", 2), ("策略梯度", 2)]);
    assert_eq!(urls(&imported)[0], "https://arxiv.org/abs/1312.5602");
    assert_eq!(
        paper(&imported, 0).entry.links[&LinkKind::Code],
        "https://github.com/deepmind/dqn"
    );
    assert_eq!(
        titles(&imported)[2],
        "Proximal Policy Optimization Algorithms"
    );
    assert!(comment(&imported, 2).starts_with("截断的比值"));
}

#[test]
fn broken_html_is_read_as_far_as_it_goes() {
    let imported = html(include_str!("samples/broken.html"));
    assert_eq!(
        titles(&imported),
        ["Attention Is All You Need", "Layer Normalization"]
    );
    assert_eq!(
        urls(&imported),
        [
            "https://arxiv.org/abs/1706.03762",
            "https://arxiv.org/abs/1607.06450"
        ]
    );
}

#[test]
fn a_page_of_news_has_no_papers() {
    for (page, form) in [
        (include_str!("samples/news.txt"), Form::Text),
        ("", Form::Text),
        ("\n \n", Form::Text),
        ("", Form::Html),
        ("一行", Form::Text),
        ("<html><body><script>x</script></body></html>", Form::Html),
    ] {
        let faults = read(&Source::new("news", page), form).unwrap_err();
        assert_eq!(faults[0].code, "import::no-papers");
        assert!(faults[0].place.is_some());
        assert!(!faults[0].hints.is_empty());
    }
}

#[test]
fn what_cannot_be_told_is_named() {
    let imported = text(
        "三篇论文\n昨天\n\n1. Deep Residual Learning for Image Recognition\n论文链接：https://arxiv.org/abs/1512.03385\n好读。\n\n2. Graph Attention Networks\n作者：Petar Veličković, Guillem Cucurull\n没有给地址的一篇，图上的注意力从这里开始。\n\n3. Layer Normalization\n论文链接：https://arxiv.org/abs/1607.06450\n短。\n",
    );
    assert_eq!(titles(&imported).len(), 3);
    assert_eq!(imported.draft.date, None);
    let missing: Vec<_> = imported
        .diagnostics
        .iter()
        .map(|finding| {
            let place = finding.place.as_ref().unwrap();
            (finding.code, place.line_column().0)
        })
        .collect();
    assert_eq!(missing, [("import::no-date", 2), ("import::no-address", 8)]);
}

#[test]
fn a_status_beside_the_venue() {
    let imported = text(
        "选读\n2021-01-01\n\n[CVPR 2022 Oral] Deep Residual Learning for Image Recognition\n链接：https://arxiv.org/abs/1512.03385\n\nGraph Attention Networks (ICLR 2018 Poster)\n链接：https://arxiv.org/abs/1710.10903\n",
    );
    assert_eq!(
        titles(&imported),
        [
            "Deep Residual Learning for Image Recognition",
            "Graph Attention Networks"
        ]
    );
    assert_eq!(paper(&imported, 0).entry.status, Some(Status::Oral));
    assert_eq!(
        paper(&imported, 0).entry.venue.as_deref(),
        Some("CVPR 2022")
    );
    assert_eq!(paper(&imported, 1).entry.status, Some(Status::Poster));
}

#[test]
fn two_thousand_papers_and_deep_pages() {
    let mut page = String::from("长长的清单\n2022-01-01\n\n");
    for number in 0..2000 {
        let id = number + 1;
        write!(
            page,
            "A Study of Method Number {number} for Everything\n一句短评，第 {number} 篇。\n论文链接：https://arxiv.org/abs/2101.{id:05}\n\n"
        )
        .unwrap();
    }
    let imported = text(&page);
    assert_eq!(titles(&imported).len(), 2000);
    assert!(urls(&imported).iter().all(|url| !url.is_empty()));

    let deep = format!(
        "{}<h1>两篇</h1><h3>Attention Is All You Need</h3><p>论文链接：https://arxiv.org/abs/1706.03762</p><h3>Layer Normalization</h3><p>论文链接：https://arxiv.org/abs/1607.06450</p>",
        "<div><span>".repeat(20_000)
    );
    assert_eq!(titles(&html(&deep)).len(), 2);
}

#[test]
fn hostile_pages_do_no_harm() {
    for page in [
        "\u{202e}《\u{0}》\u{fffe}\n【【【【\n：：：\n1.1.1.1\n$$$$\n[[[[](](\n**\n|||\n\t\t\n",
        "论文标题：\n作者：\n链接：\n",
        "《》\n链接：javascript:alert(1)\n",
        "论文链接：http://\n标题：http://a b c\n",
        "---\ntitle: x\n",
        "| a | b |\n|---|---|\n",
    ] {
        let source = Source::new("page", page);
        for form in [Form::Text, Form::Html] {
            if let Ok(imported) = read(&source, form) {
                assert!(!format!("{:?}", imported.draft).contains("javascript:"));
            }
        }
    }
    let wide: Arc<Source> = Source::new("wide", "论文：http [（".repeat(200_000));
    assert!(read(&wide, Form::Text).is_err() || read(&wide, Form::Html).is_err());
}

#[test]
fn equal_pages_give_equal_drafts() {
    let page = include_str!("samples/plain-digest.txt");
    assert_eq!(text(page), text(page));
}

#[test]
fn what_stands_under_a_page_title_is_no_title() {
    for title in ["本周读什么:记忆与对比学习", "每周论文:记忆"] {
        let page = format!(
            "登录 注册\n首页 > 深度学习\n\n{title}\n\n读文小组 来源:读文小组 作者:小舟 2026-01-09 08:30 次阅读\n\n\
             导读\n\n这一周挑了两篇,都讲记忆。\n\nMemformer: The Memory-Augmented Transformer\n\n\
             把历史压进一块定长的记忆,时间降到线性。\n\n论文链接:https://openreview.net/forum?id=_adSMszz_g9\n\n\
             Not All Memories are Created Equal: Learning to Expire\n\n每条历史都有期限,到期就丢。\n\n\
             论文链接:https://openreview.net/forum?id=ZVBtN6B_6i7\n"
        );
        let page = text(&page);
        assert_eq!(page.draft.title.as_deref(), Some(title));
        assert_eq!(page.draft.date.as_deref(), Some("2026-01-09T08:30"));
        assert_eq!(page.draft.authors, ["小舟"]);
        assert_eq!(
            page.draft
                .source
                .as_ref()
                .and_then(|source| source.name.as_deref()),
            Some("读文小组")
        );
        assert_eq!(titles(&page).len(), 2);
    }
}

#[test]
fn a_translated_heading_over_the_title_is_one_paper() {
    let mut page = String::from("<html><body><main><h1>每日论文</h1>");
    let papers = [
        (
            "记忆增强的变换器",
            "Memformer: The Memory-Augmented Transformer",
            "2010.06891",
        ),
        (
            "并非所有记忆生而平等",
            "Not All Memories are Created Equal",
            "2105.06548",
        ),
        (
            "带反馈记忆的变换器：克服局限",
            "Addressing Some Limitations of Transformers with Feedback Memory",
            "2002.09402",
        ),
        (
            "残差学习",
            "Deep Residual Learning for Image Recognition",
            "1512.03385",
        ),
    ];
    for (index, (han, latin, id)) in papers.iter().enumerate() {
        let _ = write!(
            page,
            "<div><h3><a href=\"https://arxiv.org/abs/{id}\">{han}</a></h3><span>{}/10</span>\
             <div>{latin}</div><div>Ada Lovelace, Alan Turing</div>\
             <div><strong>推荐理由:</strong><p>第{index}篇的理由写在这里，只说第{index}篇。</p></div>\
             <div>2025-10-27 07:26:32 <span>|</span> <a href=\"https://arxiv.org/abs/{id}\">arXiv:{id}</a></div>\
             <details><summary>查看完整摘要</summary><div>We show result number {index} of this page, \
             and no other result, at some length.</div></details></div>",
            9 - index
        );
    }
    page.push_str("</main></body></html>");
    let page = html(&page);
    let wanted: Vec<&str> = papers.iter().map(|(_, latin, _)| *latin).collect();
    assert_eq!(titles(&page), wanted);
    for (index, (han, _, id)) in papers.iter().enumerate() {
        assert_eq!(urls(&page)[index], format!("https://arxiv.org/abs/{id}"));
        assert!(
            comment(&page, index).starts_with(han),
            "{}",
            comment(&page, index)
        );
        assert!(comment(&page, index).contains(&format!("只说第{index}篇")));
        assert!(summary(&page, index).contains(&format!("number {index} ")));
    }
}

#[test]
fn a_numbered_heading_begins_a_paper_however_it_is_set() {
    let mut page = String::from("本周论文 | 折纸与人脑\n\n目录：\n\n1. 甲\n\n");
    for (number, title) in [
        (1, "Folding Paper: A Benchmark for Cranes"),
        (2, "BoatsofPaper:DesignandTrials"),
        (3, "Graph-Based Learning for Origami"),
    ] {
        let _ = write!(
            page,
            "论文 {number}：{title}\n\n作者：Ada Lovelace、Alan Turing{number} 等\n\
             论文地址：https://arxiv.org/abs/2001.0000{number}\n\n\
             摘要：第{number}篇说的是第{number}件事，和别的无关。\n\n推荐：读第{number}篇。\n\n"
        );
    }
    let page = text(&page);
    assert_eq!(
        titles(&page),
        [
            "Folding Paper: A Benchmark for Cranes",
            "BoatsofPaper:DesignandTrials",
            "Graph-Based Learning for Origami"
        ]
    );
    for index in 0..3 {
        assert!(summary(&page, index).starts_with(&format!("第{}篇说的是", index + 1)));
        assert_eq!(comment(&page, index), format!("读第{}篇。", index + 1));
    }
}

#[test]
fn authors_that_come_again_are_another_papers() {
    let page = text(
        "论文标题：Folding Paper by Learning\n作者：Ada Lovelace, Alan Turing\n\
         论文链接：https://arxiv.org/abs/2001.00001\n摘要：折一只纸鹤要几步，这里数了数。\n\n\
         纸船二则\n作者：Kurt Gödel, Emmy Noether\n摘要：纸船能浮多久，这里量了量。\n\n\
         论文标题：Graph-Based Learning for Origami\n作者：Grace Hopper, Max Born\n\
         论文链接：https://arxiv.org/abs/2001.00003\n摘要：用图来学折纸，一步一条边。\n",
    );
    let first = summary(&page, 0);
    assert_eq!(first, "折一只纸鹤要几步，这里数了数。");
    let all: String = (0..titles(&page).len())
        .map(|index| summary(&page, index))
        .collect();
    let boats = titles(&page)
        .iter()
        .position(|title| title.contains("纸船"));
    assert_eq!(boats.is_some(), all.contains("纸船能浮多久"));
    assert!(codes(&page).contains(&"import::doubtful"));
}

#[test]
fn an_account_that_signs_its_page_is_no_paper() {
    let page = text(
        "Conference papers in one go\n\n科技\n\n©纸上谈兵 原创 · 作者 | 小舟\n单位 | 某大学\n\
         研究方向 | 折纸\n\n论文标题：\n\nFolding Paper by Learning\n\n论文链接：\n\n\
         https://arxiv.org/abs/2001.00001\n\n把一张纸折好，再拆开，看模型记住了多少，这是第一篇。\n\n\
         论文标题：\n\nPaper Boats that Float\n\n论文链接：\n\nhttps://arxiv.org/abs/2001.00002\n\n\
         纸船能浮多久，取决于怎么折，这是第二篇。\n",
    );
    assert_eq!(
        titles(&page),
        ["Folding Paper by Learning", "Paper Boats that Float"]
    );
    assert_eq!(page.draft.authors, ["小舟"]);
}

#[test]
fn titles_with_their_people_in_brackets() {
    let page = text(
        "Prizes for papers\n\nWe are glad to name the best papers of the year:\n\n\
         \u{20} • Best Paper\n\n    • Learned Ways of Folding a Crane (Ada Lovelace, Alan Turing and Kurt Gödel)\n\n\
         \u{20} • Outstanding Papers\n\n    • Paper Boats: Latency Reduction in Task-Oriented Floating (By Grace Hopper, Emmy Noether, Max Born, Lise Meitner and Paul Dirac)\n\n\
         \u{20}   • Where Prompts are Folded: Overcoming Order (Niels Bohr and Marie Curie)\n",
    );
    assert_eq!(
        titles(&page),
        [
            "Learned Ways of Folding a Crane",
            "Paper Boats: Latency Reduction in Task-Oriented Floating",
            "Where Prompts are Folded: Overcoming Order"
        ]
    );
    assert_eq!(
        sections(&page),
        [("Best Paper", 1), ("Outstanding Papers", 2)]
    );
    assert_eq!(
        paper(&page, 0).entry.authors,
        ["Ada Lovelace", "Alan Turing", "Kurt Gödel"]
    );
    assert_eq!(paper(&page, 1).entry.authors.len(), 5);
}

#[test]
fn a_meeting_under_a_title_is_its_venue() {
    let page = text(
        "两篇检测论文速递\n\n《Remote Detection of Folded Paper Using Infrared Imaging》\n\n\
         Abstract：纸折起来就藏了热，这里用红外来找，找到的比看到的多。\n\narXiv：https://arxiv.org/abs/2001.00001\n\n\
         《Real-Time Paper Detection as an Edge Service》\n\nIEEE EDGE 2018\n\n\
         Abstract：在边上找纸，省下来回的路，这里说怎么省。\n\narXiv：https://arxiv.org/abs/2001.00002\n",
    );
    assert_eq!(titles(&page).len(), 2);
    assert_eq!(
        paper(&page, 1).entry.venue.as_deref(),
        Some("IEEE EDGE 2018")
    );
    assert_eq!(urls(&page)[1], "https://arxiv.org/abs/2001.00002");
}

#[test]
fn lists_of_people_that_were_cut_end_before_the_cut() {
    use super::facts::names;
    assert_eq!(
        names("Ada Lovelace, Alan Turing, Kurt Göd..."),
        ["Ada Lovelace", "Alan Turing", "et al."]
    );
    assert_eq!(
        names("Ada Lovelace, Alan Turing 、Kurt Gödel 等"),
        ["Ada Lovelace", "Alan Turing", "Kurt Gödel", "等"]
    );
    assert_eq!(
        names("Lovelace, Ada; Turing, Alan"),
        ["Lovelace, Ada", "Turing, Alan"]
    );
}

#[test]
fn headings_that_a_page_repeats_stand_within_its_papers() {
    let mut page = String::from("# 折纸论文日读\n\n## 必读\n\n");
    for (number, title) in [
        "Crease Matching for Paper Alignment in Folding Models",
        "Gradient Folding for Few-Step Crane Distillation",
        "Fold-Preserving Guidance: Tear-Free Constraints for Safe Cranes",
        "Colored Paper Sampling for Birds",
    ]
    .iter()
    .enumerate()
    {
        let _ = write!(
            page,
            "### {title}\n\n**Authors:** Ada Lovelace, Alan Turing\n\
             **Link:** [arXiv:2005.0000{number}v1](https://arxiv.org/abs/2005.0000{number}v1)\n\n\
             # 细读：{title}\n\n## 1. 方法的骨架\n\n本文先折后剪，把折痕当作变量来学，折错了还能退回去。\n\n\
             ### 1.1 折痕{number}：对偶的看法\n\n对偶问题只有一个约束，解起来很快，也不必调参数。\n\n\
             ## 2. 长处与不足\n\n1. **不需剪刀**：一张纸就够，省下许多时间，也省下许多纸。\n\n\
             ## 3. 与别处的联系\n\n### Paper Boat Models\n\n纸船与纸鹤的折法相通，可以互相借用，省去重学。\n\n"
        );
    }
    let imported = read(&Source::new("a.md", page), Form::Post).unwrap();
    assert_eq!(titles(&imported).len(), 4, "{:?}", titles(&imported));
    assert!(urls(&imported).iter().all(|url| url.starts_with("https")));
    assert_eq!(sections(&imported), [("必读", 4)]);
    assert!(comment(&imported, 0).contains("不需剪刀"));
    assert!(comment(&imported, 3).contains("纸船"));
}

#[test]
fn addresses_that_a_page_sums_up_are_no_papers() {
    let mut page = String::from("# 折纸综述\n\n## 基础\n\n");
    let mut sum = String::from("## 资料\n\n### 链接\n\n**早先的:**\n");
    for (number, title) in [
        "Learning to Fold Paper Planes",
        "Rectified Creases: Straight Lines in Bent Paper",
        "Paper Cranes are Latent Birds",
        "Mean Folds: One-Step Origami",
        "Discrete Folding of Wet Paper",
    ]
    .iter()
    .enumerate()
    {
        let _ = write!(
            page,
            "### {number} {title} (2021)\n\n- **Title**: {title}\n- **Link**: [arXiv:2101.0000{number}](https://arxiv.org/abs/2101.0000{number})\n\
             - **Authors**: Ada Lovelace, Alan Turing\n\n本文说明怎样折，折到哪里算完，错了怎样退回来。\n\n"
        );
        let short = title.split([':', ' ']).next().unwrap();
        let _ = writeln!(
            sum,
            "- {short}: [arXiv:2101.0000{number}](https://arxiv.org/abs/2101.0000{number})"
        );
    }
    page.push_str(&sum);
    let imported = read(&Source::new("a.md", page), Form::Post).unwrap();
    assert_eq!(titles(&imported).len(), 5, "{:?}", titles(&imported));
    assert_eq!(titles(&imported)[4], "Discrete Folding of Wet Paper");
}

#[test]
fn a_drawn_table_is_a_table() {
    let page = text(
        "折纸论文汇总\n\n\
         +--------------------------+--------------------+----------+-------+\n\
         | 标题                     | 摘要               | 来源     | 时间  |\n\
         +==========================+====================+==========+=======+\n\
         | 5 foldlab/crane          | ⭐ 今日获得 31 颗星 | GitHub   | 09:30 |\n\
         +--------------------------+--------------------+----------+-------+\n\
         | 5 纸鹤的多步折法：       | 一种稳妥的折法，   | ArXiv    | 09:30 |\n\
         | 从折痕学起               | 可以退回。         |          |       |\n\
         +--------------------------+--------------------+----------+-------+\n\
         | 5 湿纸的离散折叠         | 湿的纸也能折。     | ArXiv    | 09:30 |\n\
         +--------------------------+--------------------+----------+-------+\n\
         | 5 某公司的纸涨价了       | 涨了两成。         | 某新闻网 | 09:30 |\n\
         +--------------------------+--------------------+----------+-------+\n",
    );
    assert_eq!(
        titles(&page),
        ["纸鹤的多步折法： 从折痕学起", "湿纸的离散折叠"]
    );
    assert_eq!(summary(&page, 0), "一种稳妥的折法， 可以退回。");
}

#[test]
fn identifiers_in_attributes_say_where_papers_are() {
    let page = html(
        "<h1>Folding papers</h1><table><tr><th>#</th><th>Title</th><th>Note</th><th>★</th></tr>\
         <tr><td>1</td><td><a href='./p/1.html'>Learning to Fold Paper Planes</a></td><td>Planes.</td><td><button data-arxiv-id='2101.00001v2'>☆</button></td></tr>\
         <tr><td>2</td><td><a href='./p/2.html'>Paper Cranes are Latent Birds</a></td><td>Birds.</td><td><button data-arxiv-id='2101.00002'>☆</button></td></tr>\
         <tr><td>3</td><td><a href='./p/3.html'>Mean Folds of Wet Origami</a></td><td>Wet.</td><td><button data-arxiv-id='no identifier'>☆</button></td></tr></table>\
         <h3>Rectified Creases in Bent Paper</h3><div data-doi='10.1000/xyz.5'></div><p>Straight lines, at last.</p>",
    );
    assert_eq!(
        urls(&page),
        [
            "https://arxiv.org/abs/2101.00001v2",
            "https://arxiv.org/abs/2101.00002",
            "",
            "https://doi.org/10.1000/xyz.5",
        ]
    );
}

#[test]
fn what_stands_around_a_title_is_none_of_its_words() {
    let page = read(
        &Source::new(
            "a.md",
            "# 每周折纸\n\n## 折法\n\n\
             ### Law of the Weakest Link: Folding Many Cranes\n[最弱的一环：折许多纸鹤](https://arxiv.org/abs/2101.00001)\n\n纸鹤要一起折，一起折才快，快了才有用，有用才折得下去。\n\n\
             ### Deep & Cross Folding for Planes[DLRS'16][Crane]\n- 这里折两次，一次宽，一次深，两次合在一起，比一次的好。\n- [paper](https://arxiv.org/abs/2101.00002)\n\n\
             ### FOLD: Kolmogorov-Arnold Cranes\n[FOLD: Kolmogorov-Arnold纸鹤](https://arxiv.org/abs/2101.00003)\n\n每条折痕都是函数，函数都可以学，学了就能折，折了就能飞。\n",
        ),
        Form::Post,
    )
    .unwrap();
    assert_eq!(
        titles(&page),
        [
            "Law of the Weakest Link: Folding Many Cranes",
            "Deep & Cross Folding for Planes",
            "FOLD: Kolmogorov-Arnold Cranes"
        ]
    );
    let second = &paper(&page, 1).entry;
    assert_eq!(second.venue.as_deref(), Some("DLRS 2016"));
    assert_eq!(second.affiliations, ["Crane"]);
}

#[test]
fn an_address_within_a_sentence_stays_there() {
    let imported = text(
        "每日折纸\n\n9/10\n\nWet Folding with Variational Paper\n\nAda Lovelace, Alan Turing, Grace Hopper, Laika\n\n\
         2025-10-27 17:59:57 | arXiv:2510.00001v1 |\n\ncs.LGcs.AI\n\n摘要\n\n\
         Folding models have come up as a way to make birds of paper, and a key limit of them is that they cannot wet it before. We wet it, fold it and dry it, and find that the birds are better by far than those that were dry. Our code is available at: https://paper.example.org/wet for all who fold.\n\n\
         7/10\n\nDry Folding: Towards Birds without Water\n\nKurt Gödel, Emmy Noether\n\n\
         2025-10-27 16:00:00 | arXiv:2510.00002v1 |\n\ncs.LG\n\n摘要\n\nBirds can be made without water.\n",
    );
    assert_eq!(
        urls(&imported),
        [
            "https://arxiv.org/abs/2510.00001v1",
            "https://arxiv.org/abs/2510.00002v1"
        ]
    );
    assert_eq!(paper(&imported, 0).entry.authors.len(), 4);
    assert!(summary(&imported, 0).contains("for all who fold"));
}

#[test]
fn labels_and_brackets_within_titles_cut_nothing() {
    let page = text(
        "Quantum paper of the week\n\n- Date: 2026-01-27 09:48\n- arXiv: 2601.16244v1\n\
         - Title: Folding Codes: A Geometric Formalism for Paper Correction\n- Authors: Ada Lovelace, Alan Turing\n\
         - Links: abs=https://arxiv.org/abs/2601.16244v1  pdf=https://arxiv.org/pdf/2601.16244v1.pdf\n\n\
         ---\n\n- Date: 2026-01-27 09:48\n- arXiv: 2601.16257v1\n\
         - Title: The Double Crease Model: A Reconstruction of Folds via Interplay of Scales\n- Authors: Emmy Noether\n\
         - Links: abs=https://arxiv.org/abs/2601.16257v1  pdf=https://arxiv.org/pdf/2601.16257v1.pdf\n\n\
         ---\n\n- Date: 2026-01-27 09:48\n- arXiv: 2601.16300v1\n\
         - Title: Wet Paper in Dry Lands\n- Authors: Max Born\n\
         - Links: abs=https://arxiv.org/abs/2601.16300v1  pdf=https://arxiv.org/pdf/2601.16300v1.pdf\n",
    );
    assert_eq!(
        titles(&page),
        [
            "Folding Codes: A Geometric Formalism for Paper Correction",
            "The Double Crease Model: A Reconstruction of Folds via Interplay of Scales",
            "Wet Paper in Dry Lands",
        ]
    );
    let letter = html(
        "<h2>Deep Folding</h2>\
         <h5><b><a href='https://arxiv.org/abs/1903.00001'>[arXiv] From Variational to Deterministic Folding</a></b></h5><h6>Lab of Paper</h6><p>It folds the same way each time, which is new.</p>\
         <h2>Seeing Paper</h2>\
         <h5><b><a href='https://arxiv.org/abs/1903.00002'>[arXiv] Local Creases for Learning to See Paper</a></b></h5><h6>University of Paper</h6><p>It sees a crease where there is one.</p>",
    );
    assert_eq!(
        titles(&letter),
        [
            "From Variational to Deterministic Folding",
            "Local Creases for Learning to See Paper"
        ]
    );
    let chapter = read(
        &Source::new(
            "a.md",
            "# 折纸论文\n\n## 别的折法\n\n**论文**：*DRY Folding: Birds without Water* (Lab & House, 2025) [11]\n**作者**：Turing et al.\n**发表**：2025 | [arXiv:2501.00001](https://arxiv.org/abs/2501.00001)\n\n## 通用折法\n\n**论文/技术报告**：*Magic Crane: A System for Folding Complex Birds*\n**作者**：Lovelace et al.\n**发表**：2024 年 11 月 | [arXiv:2411.00001](https://arxiv.org/abs/2411.00001)\n\n折得又快又好，而且不用剪刀，也不用胶水。\n",
        ),
        Form::Post,
    )
    .unwrap();
    assert_eq!(
        titles(&chapter),
        [
            "DRY Folding: Birds without Water",
            "Magic Crane: A System for Folding Complex Birds"
        ]
    );
}

/// A post that only speaks of papers.
const NEWSLETTER: &str = "# Paper Newsletter: Cranes, Planes and more\n\n\
Welcome to the newsletter, in which we speak of paper that was folded.\n\n\
# Publications\n\n\
***Folding Cranes as a Model of Folding Birds: Past, Present, and Future***\n\n\
Ada released this nice [report](https://arxiv.org/abs/2001.00001) on how cranes are folded, and how they compare to birds.\n\n\
***On folding better planes***\n\n\
Some people at a lab published [PlaneFold](https://arxiv.org/abs/2001.00002), which folds planes that fly for days on end.\n\n\
They fold them twice, and then once more.\n\n\
***Boats for each language***\n\n\
I have lost count of all the boats, but here are two of them:\n\n\
- Dutch boats ([RobBoat](https://arxiv.org/abs/2001.00003) | [Boatje](https://arxiv.org/abs/2001.00004))\n\n\
***Wet Folding with Many Hands: Pre-training for Neural Paper***\n\n\
A group published [mFold](https://arxiv.org/pdf/2001.00005.pdf), which wets the paper in ten tongues.\n\n\
[*source*](https://arxiv.org/pdf/2001.00005.pdf)\n\n\
# Tools\n\n\
***A free library***\n\n\
The [library](https://github.com/example/fold) folds paper for you, and unfolds it.\n\n\
***The story of a folder***\n\n\
Read the [story](https://blog.example.com/story) of one who folds, as we all do.\n";

#[test]
fn prose_that_links_to_papers_names_them() {
    let page = read(&Source::new("a.md", NEWSLETTER), Form::Post).unwrap();
    assert_eq!(
        page.draft.title.as_deref(),
        Some("Paper Newsletter: Cranes, Planes and more")
    );
    assert_eq!(
        titles(&page),
        [
            "Folding Cranes as a Model of Folding Birds: Past, Present, and Future",
            "",
            "",
            "",
            "Wet Folding with Many Hands: Pre-training for Neural Paper",
        ]
    );
    let ids: Vec<&str> = urls(&page)
        .iter()
        .map(|url| url.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "2001.00001",
            "2001.00002",
            "2001.00003",
            "2001.00004",
            "2001.00005"
        ]
    );
    // What stands below a lead is about the paper that it names.
    assert_eq!(
        comment(&page, 1),
        "On folding better planes\nSome people at a lab published PlaneFold, which folds planes that fly for days on end.\nThey fold them twice, and then once more."
    );
    assert_eq!(comment(&page, 2), "");
    let text = plain_text(&page.draft.sections[0].intro);
    assert!(text.contains("RobBoat"), "{text}");
    assert_eq!(
        codes(&page)
            .iter()
            .filter(|code| **code == "import::no-title")
            .count(),
        3
    );
    assert!(!codes(&page).contains(&"import::stray-link"));
}

#[test]
fn words_that_carry_a_link_are_a_title_only_where_they_look_like_one() {
    let page = html(
        "<h1>What I saw at the folding fair</h1>\
         <p>The best paper of all, <a href='https://arxiv.org/abs/2001.00001'>Deep folded paper representations</a>, shows what there is to see, and that is much.</p>\
         <p>Before that there was a <a href='https://arxiv.org/abs/2001.00002'>paper on folding by hand</a> that few people know of today, but should.</p>\
         <p><a href='https://arxiv.org/abs/2001.00003'>Folding was only done by one team</a> and it was done by night, when all the others slept.</p>\
         <p>The prize went to <a href='https://www.aclweb.org/anthology/P02-1040.pdf'>CREASE: a Method for Automatic Evaluation of Folded Paper</a>, by all four of them.</p>\
         <p>A <a href='https://example.org/slides.pdf'>talk By Ada Lovelace And Others</a> told of it before all the people who were there.</p>",
    );
    assert_eq!(
        titles(&page),
        [
            "Deep folded paper representations",
            "",
            "",
            "CREASE: a Method for Automatic Evaluation of Folded Paper",
        ]
    );
}

#[test]
fn a_title_that_stands_further_down_is_the_papers() {
    let mut post = String::from(
        "# Ideas of the year\n\n## Folding\n\nFirst there were [two](https://arxiv.org/abs/2001.00001) who folded, and then there were [many](https://arxiv.org/abs/2001.00002) more of them than we could count.\n\n",
    );
    post.push_str("- [Phrase-Based & Neural Unsupervised Paper Folding (EMNLP 2018)](https://arxiv.org/abs/2001.00001): the paper folds what it is told to fold, in any tongue, as [Crease](https://arxiv.org/abs/2001.00099) does.\n\n");
    for number in 3..14 {
        let _ = write!(
            post,
            "Others took [Fold{number}](https://arxiv.org/abs/2001.{number:05}) for their work, and it served them well for a time.\n\n"
        );
    }
    post.push_str(
        "*Comparison of Folded Sets ([Lovelace et al., 2018](https://arxiv.org/abs/2001.00003))*\n",
    );
    let page = read(&Source::new("a.md", post), Form::Post).unwrap();
    assert_eq!(titles(&page).len(), 14, "{:?}", titles(&page));
    assert_eq!(
        titles(&page)[0],
        "Phrase-Based & Neural Unsupervised Paper Folding"
    );
    assert!(titles(&page).iter().skip(1).all(|title| title.is_empty()));
    // What is about one paper is not said of another that it names.
    let crease = urls(&page)
        .iter()
        .position(|url| url.ends_with("00099"))
        .unwrap();
    assert_eq!(comment(&page, crease), "");
}

#[test]
fn a_page_that_writes_its_papers_down_keeps_its_prose() {
    let page = read(
        &Source::new(
            "a.md",
            "# What I read in May\n\n\
             ## [Folding Cranes in Many Tongues: Empirical Results](https://arxiv.org/abs/2001.00001)\n\n\
             They test [FOLD](https://arxiv.org/abs/1901.00001), [BEND](https://arxiv.org/abs/1901.00002) and [TEAR](https://arxiv.org/abs/1901.00003), and tearing wins.\n\n\
             ## [Escaping the Table in Paper Folding](https://arxiv.org/abs/2001.00002)\n\n\
             It is like [BEND](https://arxiv.org/abs/1901.00002), but on the floor, where there is more room.\n",
        ),
        Form::Post,
    )
    .unwrap();
    assert_eq!(
        titles(&page),
        [
            "Folding Cranes in Many Tongues: Empirical Results",
            "Escaping the Table in Paper Folding"
        ]
    );
}

#[test]
fn lines_that_a_post_breaks_at_a_column_are_one() {
    let mut post = String::from("# Folding\n\nWords before.\n\n");
    for (number, words) in ["cranes", "planes", "boats"].iter().enumerate() {
        let _ = write!(
            post,
            "### All about {words}\n\n\
             When one folds, the creases do not have to follow the simple objective of\n\
             folding the nearest corner to the other. In large sheets of paper there is an\n\
             imbalance between corners, and some of them get folded almost to nothing at\n\
             all. A [paper from Two Universities and a\n\
             Lab](https://arxiv.org/abs/2001.0000{number}) that will appear soon suggests\n\
             to fold {words} with a factor telling how often, and this factor is found by\n\
             trying.\n\n"
        );
    }
    let page = read(&Source::new("a.md", post), Form::Post).unwrap();
    assert_eq!(titles(&page), ["", "", ""]);
    assert_eq!(
        sections(&page),
        [
            ("All about cranes", 1),
            ("All about planes", 1),
            ("All about boats", 1)
        ]
    );
    assert!(comment(&page, 2).ends_with("how often, and this factor is found by trying."));
}

#[test]
fn people_with_their_houses_stand_below_a_title() {
    let page = text(
        "Here are the best papers on paper\n\nThese were the themes of this year's fair, and there were many of them.\n\n\
         \u{20} • Folding by Machine\n  • Interpretability and Analysis of Folds\n\n\
         Best Paper Award\nLearned Ways of Folding a Crane for Good\n\n\
         Ada Lovelace, student; Alan Turing, student, University of Paper; Kurt Gödel, Professor\n\n\
         The authors of this paper fold a crane that is at most once torn. As they note, cranes are birds.\n\n\
         Special Award\nRequirements and Motivations of Wet Folding in Dry Lands\n\n\
         Emmy Noether and Max Born, Research Council of Paper; Grace Hopper\n\nThey fold it wet.\n",
    );
    assert_eq!(
        titles(&page),
        [
            "Learned Ways of Folding a Crane for Good",
            "Requirements and Motivations of Wet Folding in Dry Lands"
        ]
    );
    // Who works with whom cannot be told, so that nobody is an author by mistake.
    assert!(paper(&page, 1).entry.authors.is_empty());
    assert!(comment(&page, 1).contains("Max Born"));
}

#[test]
fn a_subject_is_no_title() {
    let page = text(
        "这周读的折纸论文\n\n@小纸 推荐\n#Folding Mechanism\n本文来自某校，是一篇折法的综述，说了许多折法，也说了怎样折得快。\n\n论文链接\nhttps://arxiv.org/abs/2001.00001\n\n\
         @大纸 推荐\n#Crease Relation\n本文来自另一校，用很少的纸来学折痕，说这样也能学会，而且省纸。\n\n论文链接\nhttps://arxiv.org/abs/2001.00002\n",
    );
    assert_eq!(titles(&page), ["", ""]);
    assert_eq!(paper(&page, 1).entry.tags, ["Crease Relation"]);
    assert!(codes(&page).contains(&"import::no-title"));
}

#[test]
fn words_in_chips_stand_apart() {
    let mut page = String::from("<h1>折纸论文：2026-07-29</h1>");
    for (subject, count) in [("折法", 3), ("折痕", 2)] {
        let _ = write!(page, "<h3>{subject} · {count} 篇</h3>");
        for number in 0..3 {
            let _ = write!(
                page,
                "<article><h4>Folding Crane Number {number} in Paper</h4>\
                 <div class='meta'><span class='paper-id'>arXiv 2607.2539{number}</span><span class='paper-chip'>折痕与可解释性</span><span class='paper-chip'>折法</span></div>\
                 <p>本文研究怎样折，折到哪里算完，错了怎样退回来，退回来以后又怎样再折。</p></article>"
            );
        }
    }
    // A paper of each subject it has is one paper.
    page.push_str("<h3>纸 · 1 篇</h3><article><h4>Folding Crane Number 0 in Paper</h4><div class='meta'><span class='paper-id'>arXiv 2607.25390</span></div><p>同上，这里只是再列一次，便于按类别查找。</p></article>");
    let imported = html(&page);
    assert_eq!(titles(&imported).len(), 3, "{:?}", titles(&imported));
    assert_eq!(urls(&imported)[2], "https://arxiv.org/abs/2607.25392");
    let code = html(
        "<h3>A Paper on Folding Code by Hand</h3><p><a href='https://arxiv.org/abs/2001.00001'>paper</a></p>\
         <pre><span class='hljs-meta'>fold</span><span class='hljs-tag'>(x)</span></pre>",
    );
    assert!(
        comment(&code, 0).contains("fold(x)"),
        "{}",
        comment(&code, 0)
    );
}

#[test]
fn a_manual_that_speaks_of_lists_of_papers_names_none() {
    let source = Source::new(
        "README.md",
        "# Weekly-Papers\n\nThis gets the papers of a week. Run it, and there is a file with those that have a keyword.\n\n\
         # Requirements\n\n- Python3.8\n- arxiv (pip install arxiv)\n\n# Usage\n\nThere are three arguments in this project, which are:\n\n\
         - keywords: to filter what papers you want\n- link: arxiv link, the default arxiv link is set as: [https://arxiv.org/list/cs.CR/pastweek](https://arxiv.org/list/cs.CR/pastweek)\n",
    );
    let faults = read(&source, Form::Post).unwrap_err();
    assert_eq!(faults[0].code, "import::no-papers");
}

#[test]
fn who_wrote_a_paper_when_is_no_title() {
    let page = read(
        &Source::new(
            "a.md",
            "---\ntitle: A few words on folding\n---\n\n**Czech version**\n\n\
             Folding is hard, and few know why. Biases in paper were found early on ([Lovelace et al., 2020](https://doi.org/10.1000/1)), and there is more of them than we think.\n\n\
             [Turing and Noether, 2021](https://doi.org/10.1000/2) show that wet paper folds well, but tears.\n\n\
             It is called [Folding with Many Hands (FMH)](https://arxiv.org/abs/2001.00001) by all who do it, and by some who do not.\n",
        ),
        Form::Post,
    )
    .unwrap();
    assert_eq!(page.draft.title.as_deref(), Some("A few words on folding"));
    assert_eq!(titles(&page), ["", "", ""]);
    assert_eq!(paper(&page, 1).entry.doi.as_deref(), Some("10.1000/2"));
}

#[test]
fn a_cell_of_sentences_is_no_title() {
    let said = "Introduces a way of folding cranes from what one says of them, without any paper that was folded before, and shows that these cranes fly as far as those that were folded by hand, at a hundredth of the cost and with a tenth of the paper. It is quick, too.";
    let page = html(&format!(
        "<h2>Papers of the week</h2><table><tr><th>Paper</th><th>Links</th></tr>\
         <tr><td>1) Text-to-Crane {said}<br>● They fly well.</td><td><a href='https://arxiv.org/abs/2001.00001'>Paper</a></td></tr>\
         <tr><td>2) <b>Magic Paper</b> - {said}</td><td><a href='https://arxiv.org/abs/2001.00002'>Paper</a></td></tr>\
         <tr><td>3) Folding for Everyone at Home<br>Ada Lovelace, Alan Turing</td><td><a href='https://arxiv.org/abs/2001.00003'>Paper</a></td></tr></table>",
    ));
    assert_eq!(
        titles(&page),
        ["", "Magic Paper", "Folding for Everyone at Home"]
    );
    assert!(comment(&page, 0).contains("Text-to-Crane Introduces"));
    assert!(comment(&page, 0).ends_with("They fly well."));
    assert_eq!(paper(&page, 2).entry.authors.len(), 2);
    assert!(codes(&page).contains(&"import::no-title"));
}

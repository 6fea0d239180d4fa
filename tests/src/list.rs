//! Reading lists of any length, the same for the same length: each paper with a Chinese
//! commentary of 80 to 250 characters and an English abstract of 150 words, as an issue
//! and as a Typst document of a like look, to measure one program against the other.

use std::fmt::Write;

use crate::long::Dice;

/// A paper of the list.
pub(crate) struct Entry {
    pub(crate) title: String,
    pub(crate) authors: Vec<String>,
    pub(crate) url: String,
    pub(crate) tags: Vec<&'static str>,
    pub(crate) summary: String,
    pub(crate) commentary: String,
}

/// A section with its papers.
struct Group {
    title: String,
    papers: Vec<Entry>,
}

pub(crate) const GROUPS: &[&str] = &[
    "自监督学习",
    "语言模型",
    "图神经网络",
    "强化学习",
    "机器翻译",
    "语音与声音",
    "计算机视觉",
    "优化与理论",
    "生物与化学",
    "系统与硬件",
];
const METHODS: &[&str] = &[
    "Contrastive Pre-Training",
    "Masked Autoencoders",
    "Graph Transformers",
    "Offline Policy Search",
    "Sparse Attention",
    "Retrieval-Augmented Decoding",
    "Score-Based Diffusion",
    "Mixture-of-Experts Routing",
    "Equivariant Message Passing",
    "Low-Rank Adaptation",
    "Speculative Sampling",
    "Neural Codec Models",
];
const GOALS: &[&str] = &[
    "for Long Documents",
    "under Distribution Shift",
    "with Noisy Labels",
    "in Low-Resource Languages",
    "at the Edge of Memory",
    "without Negative Pairs",
    "for Protein Design",
    "on Heterogeneous Graphs",
    "with Provable Guarantees",
    "for Interactive Theorem Proving",
];
const OPENINGS: &[&str] = &[
    "Rethinking",
    "Towards Robust",
    "Understanding",
    "A Closer Look at",
    "Scaling",
    "On the Limits of",
    "Simple and Effective",
    "Unifying",
];
const GIVEN: &[&str] = &[
    "Wei", "María", "Linh", "Jürgen", "Zofia", "Chidi", "Åse", "Nikolai", "Aisha", "Hiroshi",
    "Ingrid", "Tomás",
];
const FAMILY: &[&str] = &[
    "Zhang",
    "García",
    "Nguyễn",
    "Müller",
    "Kowalski",
    "Okafor",
    "Sørensen",
    "Ivanov",
    "Rahman",
    "Tanaka",
    "Lindqvist",
    "Novák",
];
const TAGS: &[&str] = &[
    "表示学习",
    "大模型",
    "评测",
    "数据集",
    "可解释性",
    "推理加速",
    "鲁棒性",
    "多模态",
    "理论",
    "开源",
];

/// Words of abstracts, by their place in a sentence.
const SUBJECTS: &[&str] = &[
    "we",
    "this paper",
    "our method",
    "the proposed framework",
    "a simple baseline",
    "recent work",
    "the resulting estimator",
    "each attention head",
    "a pretrained encoder",
    "the optimisation landscape",
    "our analysis",
    "a lightweight controller",
    "the decoder",
    "practitioners",
    "most existing benchmarks",
];
const VERBS: &[&str] = &[
    "demonstrates",
    "introduces",
    "generalises",
    "approximates",
    "outperforms",
    "characterises",
    "reformulates",
    "regularises",
    "disentangles",
    "accelerates",
    "underestimates",
    "reconstructs",
    "parameterises",
    "exploits",
    "evaluates",
    "compresses",
];
const QUALITIES: &[&str] = &[
    "high-dimensional",
    "hierarchical",
    "computationally efficient",
    "non-stationary",
    "interpretable",
    "state-of-the-art",
    "autoregressive",
    "self-supervised",
    "permutation-invariant",
    "heavy-tailed",
    "previously unexplored",
    "differentiable",
    "asymptotically optimal",
    "multilingual",
    "counterfactual",
    "long-range",
];
const THINGS: &[&str] = &[
    "representations",
    "dependencies between tokens",
    "gradient estimators",
    "sampling strategies",
    "embedding spaces",
    "generalisation bounds",
    "molecular conformations",
    "dialogue policies",
    "feature attributions",
    "curriculum schedules",
    "annotation artefacts",
    "communication protocols",
    "latent variables",
    "translation pairs",
    "knowledge graphs",
    "acoustic units",
    "compression ratios",
];
const CIRCUMSTANCES: &[&str] = &[
    "across twelve benchmarks",
    "with only a fraction of the labelled examples",
    "despite considerable architectural differences",
    "under realistic computational budgets",
    "without additional supervision",
    "when evaluated on out-of-distribution inputs",
    "in comparison with substantially larger models",
    "while preserving theoretical guarantees",
    "throughout the entire training trajectory",
    "for sequences of up to 32,768 tokens",
    "by a margin of 3.4 points",
    "regardless of the underlying tokenisation",
];

/// Clauses of commentaries; marks are put between them.
const CLAUSES: &[&str] = &[
    "作者先把问题拆成两半",
    "一半是表示怎样学",
    "一半是表示怎样用",
    "实验做得很细",
    "连随机种子都报告了五组",
    "误差条画得清清楚楚",
    "去掉一个模块",
    "结果反而更稳",
    "与 BERT 一类模型相比",
    "它在 32K 长度上省下约 40% 的显存",
    "附录里的反例值得一读",
    "代码已经公开",
    "数据要另外申请",
    "如果只读一节",
    "不妨读第 4 节",
    "消融实验回答了大多数疑问",
    "结论部分写得克制",
    "没有把相关说成因果",
    "评审对新意有分歧",
    "但都认可工程上的价值",
    "清洗噪声标签常靠损失大小来分好坏样本",
    "热身阶段于是很为难",
    "练少了特征不够用",
    "练多了连错标签也背下来",
    "把先验定成一个高斯",
    "算起来省事",
    "代价是模型被拽向一个数据并不服从的形状",
    "遮法本身会带来多大的梯度噪声",
    "一次遮住的词越相似",
    "方差就越大",
    "对策也直接",
    "挑彼此差得远的位置一起遮",
    "记忆不该一视同仁",
    "有用的留下",
    "过期的忘掉",
    "注意力的开销随序列长度平方增长",
    "线性化的尝试已有十几种",
    "真正能在长文档上站住脚的寥寥无几",
    "这篇把它们放在同一张表里比较",
    "条件苛刻却公平",
    "推断时只激活两个专家",
    "路由器学会了偷懒",
    "负载均衡项压住了这种倾向",
    "蛋白质的骨架由扩散过程逐步显影",
    "侧链交给另一个网络去填",
    "湿实验验证了其中七个设计",
    "晶体结构与预测相差不到一埃",
    "机器人在仿真里摔了上百万次",
    "换到真实地面仍然踉跄",
    "域随机化补上了一部分缺口",
    "翻译低资源语言时",
    "回译的质量比数量要紧",
    "作者请母语者逐句核对",
    "发现自动指标高估了流畅",
    "低估了忠实",
    "语音编码器把声波切成离散单元",
    "韵律却从缝隙里漏掉",
    "于是添了一路连续的音高",
    "听感测试里多数人分不出真假",
    "证明依赖一个略强的凸性假设",
    "放宽之后界会变松",
    "不过常数依旧可用",
    "芯片上的缓存只有几兆字节",
    "调度次序决定了快慢",
    "编译器自动搜出的方案胜过手写内核",
    "隐私预算花完以后",
    "模型便不再更新",
    "联邦学习里最慢的设备拖住所有人",
    "异步聚合用陈旧的梯度换时间",
    "图上的消息传得太远就会过度平滑",
    "重连几条边便能缓解",
    "谱间隙给出了何时该停的判据",
    "因果图画错一条箭头",
    "估计便南辕北辙",
    "敏感性分析因此不可省略",
    "医学影像的标注贵得惊人",
    "半监督方法省下八成人力",
    "放射科医师参与了盲评",
    "提示词换一种说法",
    "准确率能差出十个百分点",
    "这让排行榜显得脆弱",
    "作者建议报告区间而非单点",
    "检索到的段落未必可信",
    "生成器学着给出处打分",
    "幻觉减少了三分之一",
    "剩下的多半源于知识过时",
    "天气预报向来是物理模型的地盘",
    "神经网络如今在十天之内追平",
    "极端降水仍是软肋",
    "题目起得谦虚",
    "内容却扎实",
    "读完会想重跑自己的旧实验",
    "教学时拿来当例子正合适",
    "唯一的遗憾是篇幅太短",
];

/// A list of this many papers, in ten sections or fewer.
fn groups(papers: usize) -> Vec<Group> {
    let mut dice = Dice(papers as u64 + 7);
    let size = papers.div_ceil(GROUPS.len()).max(10);
    let numbers: Vec<usize> = (0..papers).collect();
    let parts = numbers.chunks(size).zip(GROUPS);
    parts
        .map(|(numbers, title)| Group {
            title: (*title).to_owned(),
            papers: numbers
                .iter()
                .map(|&number| entry(number, &mut dice))
                .collect(),
        })
        .collect()
}

/// A paper; its address is that of `number`.
pub(crate) fn entry(number: usize, dice: &mut Dice) -> Entry {
    let title = format!(
        "{} {} {}",
        dice.pick(OPENINGS),
        dice.pick(METHODS),
        dice.pick(GOALS)
    );
    let authors = (0..=dice.roll(6)).map(|_| format!("{} {}", dice.pick(GIVEN), dice.pick(FAMILY)));
    Entry {
        title,
        authors: authors.collect(),
        url: format!("https://papers.example.org/{number:05}"),
        tags: vec![dice.pick(TAGS), dice.pick(TAGS)],
        summary: summary(dice),
        commentary: commentary(dice),
    }
}

/// Sentences until there are 150 words.
fn summary(dice: &mut Dice) -> String {
    let mut words: Vec<String> = Vec::new();
    while words.len() < 150 {
        let sentence = format!(
            "{} {} {} {} and {} {} {}.",
            dice.pick(SUBJECTS),
            dice.pick(VERBS),
            dice.pick(QUALITIES),
            dice.pick(THINGS),
            dice.pick(QUALITIES),
            dice.pick(THINGS),
            dice.pick(CIRCUMSTANCES)
        );
        let mut letters = sentence.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let sentence: String = first.chain(letters).collect();
        words.extend(sentence.split(' ').map(str::to_owned));
    }
    words.join(" ")
}

/// Clauses until there are as many characters as the dice say.
fn commentary(dice: &mut Dice) -> String {
    let length = 80 + dice.roll(150);
    let mut text = String::new();
    let mut clauses = 0;
    while text.chars().count() < length {
        if clauses > 0 {
            let mark = if clauses % 3 == 0 {
                "。"
            } else {
                dice.pick(&["，", "，", "；", "，", "——", "："])
            };
            text.push_str(mark);
        }
        text.push_str(dice.pick(CLAUSES));
        clauses += 1;
    }
    text.push('。');
    text
}

const TITLE: &str = "论文选读";
const INTRO: &str = "这一期按主题分组，每篇附一段短评和原文摘要。";

/// The list as an issue in Markdown.
#[must_use]
pub fn markdown(papers: usize) -> String {
    let mut text = format!(
        "---\ntitle: {TITLE}\nid: list-{papers}\ndate: 2024-02-29\nlang: zh-CN\ndefaults:\n  lang: en\n---\n\n{INTRO}\n"
    );
    for group in groups(papers) {
        let _ = write!(text, "\n## {}\n", group.title);
        for paper in group.papers {
            let _ = write!(
                text,
                "\n### {}\n\n- 链接: {}\n- 作者: {}\n- 标签: {}\n- 摘要: {}\n\n{}\n",
                paper.title,
                paper.url,
                paper.authors.join("; "),
                paper.tags.join(", "),
                paper.summary,
                paper.commentary
            );
        }
    }
    text
}

/// The list as a Typst document that shows the same: masthead, contents with page numbers,
/// running header, folio, numbered papers with links.
#[must_use]
pub fn typst(papers: usize) -> String {
    let mut text = format!(
        r##"#set document(title: "{TITLE}", author: "small", date: none)
#set page(paper: "a4", margin: (x: 25mm, y: 28mm), numbering: "1", header: text(size: 8pt, fill: luma(40%))[小刊 #h(1fr) {TITLE}])
#set text(font: ("Noto Sans", "Noto Sans SC"), size: 10.5pt, lang: "zh", region: "cn")
#set par(justify: true, leading: 1em, spacing: 1.3em)
#show heading.where(level: 1): set text(size: 17pt, fill: rgb("#1f4e79"))
#show heading.where(level: 2): set text(size: 12pt)
#show link: set text(fill: rgb("#1f4e79"))
#text(size: 24pt, weight: "bold", fill: rgb("#1f4e79"))[{TITLE}]

2024 年 2 月 29 日

{INTRO}

#outline(title: [目录], depth: 2)
"##
    );
    let mut number = 0;
    for group in groups(papers) {
        let _ = write!(text, "\n= {}\n", group.title);
        for paper in group.papers {
            number += 1;
            let tags: Vec<String> = paper.tags.iter().map(|tag| format!("\\#{tag}")).collect();
            let _ = write!(
                text,
                "\n== {number} #link(\"{url}\")[{title}]\n\n\
                 #text(size: 9pt, fill: luma(35%))[{authors} \\\n{tags}]\n\n\
                 {commentary}\n\n\
                 #block(inset: (left: 1em))[#text(lang: \"en\", size: 9pt)[*摘要* {summary}]]\n\n\
                 #text(size: 9pt)[*链接* #link(\"{url}\")]\n",
                url = paper.url,
                title = paper.title,
                authors = paper.authors.join(", "),
                tags = tags.join(" · "),
                commentary = paper.commentary,
                summary = paper.summary,
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use offprint_core::chars::is_han;

    #[test]
    fn every_paper_has_an_abstract_and_a_commentary_of_the_promised_length() {
        let groups = groups(1_000);
        assert_eq!(groups.len(), 10);
        let papers: Vec<&Entry> = groups.iter().flat_map(|group| &group.papers).collect();
        assert_eq!(papers.len(), 1_000);
        for paper in papers {
            let words = paper.summary.split(' ').count();
            assert!((150..=180).contains(&words), "{words} words");
            let characters = paper.commentary.chars().count();
            assert!((80..=260).contains(&characters), "{characters} characters");
        }
    }

    #[test]
    fn both_documents_hold_the_same_words() {
        let [markdown, typst] = [markdown(30), typst(30)];
        for paper in groups(30).iter().flat_map(|group| &group.papers) {
            for text in [&paper.title, &paper.summary, &paper.commentary, &paper.url] {
                assert!(markdown.contains(text.as_str()), "{text}");
                assert!(typst.contains(text.as_str()), "{text}");
            }
        }
    }

    #[test]
    fn the_commentaries_use_many_characters() {
        let text = markdown(1_000);
        let mut han: Vec<char> = text
            .chars()
            .filter(|&character| is_han(character))
            .collect();
        han.sort_unstable();
        han.dedup();
        assert!(han.len() > 400, "{}", han.len());
    }
}

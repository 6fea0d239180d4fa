//! Issues of any length, the same for the same length: long titles, many authors, tables,
//! code, lists, footnotes, formulas, Chinese with English in it.

use std::fmt::Write;

const SUBJECTS: &[&str] = &[
    "Contrastive Pre-Training",
    "Masked Language Models",
    "Graph Neural Networks",
    "Sparse Attention",
    "Retrieval-Augmented Generation",
    "Diffusion Models",
    "Speech Recognition",
    "Neural Machine Translation",
    "Offline Reinforcement Learning",
    "Program Synthesis",
    "Protein Structure Prediction",
    "Federated Optimisation",
];
const APPROACHES: &[&str] = &[
    "A Closer Look at",
    "Towards Robust",
    "On the Limits of",
    "Rethinking",
    "Scaling Up",
    "Unifying",
    "Efficient and Faithful",
    "What Do We Learn from",
];
const TAILS: &[&str] = &[
    "",
    " with Noisy Labels",
    ": A Study of Ten Thousand Small Experiments under Changing Budgets",
    " without Negative Pairs",
    " for Low-Resource Languages & Long Documents",
    " at $O(n \\log n)$ Cost",
    ", Revisited: “Simple” Baselines, <Strong> Results",
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
];
const GIVEN: &[&str] = &[
    "Wei", "María", "Linh", "Jürgen", "Zofia", "Chidi", "Åse", "Nikolai",
];
const SENTENCES: &[&str] = &[
    "作者先把问题拆成两半：一半是表示怎样学，一半是表示怎样用。",
    "实验做得很细，连随机种子都报告了 5 组，误差条画得清清楚楚。",
    "**“少即是多。”**这句话放在这里并不夸张：去掉一个模块，结果反而更稳。",
    "与 BERT、GPT-2 一类模型相比，它在 32K 长度上省下约 40% 的显存。",
    "值得注意的是附录里的反例——当 $n > d$ 时，上界 $\\lVert x \\rVert_2 \\le \\sqrt{d}$ 不再成立。",
    "代码已经公开，`pip install` 之后三行就能跑通；数据要另外申请。",
    "The paper is short, and says plainly where the method fails.",
    "如果只读一节，读第 4 节；那里的消融实验回答了大多数疑问。",
    "结论部分写得克制，没有把相关说成因果……",
    "（编者按：评审对新意有分歧，但都认可工程上的价值。）",
];

/// A sequence of numbers that looks arbitrary and never changes.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        // Knuth's MMIX constants.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides.max(1)
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let index = self.roll(from.len());
        from.get(index).copied().unwrap_or_default()
    }
}

/// A Markdown issue of this many papers.
#[must_use]
pub fn issue(papers: usize) -> String {
    let mut dice = Dice(papers as u64 + 1);
    let mut text = format!(
        "---\ntitle: 长长的一期：{papers} 篇论文\nid: long-{papers}\ndate: 2024-02-29\nlang: zh-CN\n\
         description: 用来量时间和内存，也用来看排版。\nauthors: [测试组]\ndefaults:\n  lang: en\n  venue: NeurIPS 2023\n---\n\n\
         这一期共 {papers} 篇。[^long]\n\n[^long]: 全部由程序写成，论文都是虚构的。\n"
    );
    for number in 0..papers {
        if number.is_multiple_of(20) {
            let _ = write!(
                text,
                "\n## 第 {} 组：{}\n\n这一组有二十篇，难易不等。\n",
                number / 20 + 1,
                dice.pick(SUBJECTS)
            );
        }
        paper(&mut text, number, &mut dice);
    }
    text
}

fn paper(text: &mut String, number: usize, dice: &mut Dice) {
    let title = format!(
        "{} {}{}",
        dice.pick(APPROACHES),
        dice.pick(SUBJECTS),
        dice.pick(TAILS)
    );
    let _ = write!(
        text,
        "\n### {title} ({number})\n\n- 链接: https://papers.example.org/{number:05}\n"
    );
    let authors: Vec<String> = (0..=dice.roll(if number.is_multiple_of(17) { 30 } else { 5 }))
        .map(|_| format!("{} {}", dice.pick(GIVEN), dice.pick(FAMILY)))
        .collect();
    let _ = writeln!(text, "- 作者: {}", authors.join("; "));
    if number.is_multiple_of(3) {
        let _ = writeln!(text, "- 代码: https://code.example.org/{number:05}?a=1&b=2");
    }
    let _ = writeln!(text, "- 标签: 表示学习, {}", dice.pick(SUBJECTS));
    if number.is_multiple_of(5) {
        text.push_str("- 推荐: 4\n- 一句话: 想法简单，做得扎实。\n");
    }
    for _ in 0..=dice.roll(3) {
        text.push('\n');
        for _ in 0..=dice.roll(4) {
            text.push_str(dice.pick(SENTENCES));
        }
        text.push('\n');
    }
    match number % 10 {
        1 => text.push_str("\n| 模型 | 参数量 | GLUE | 备注 |\n|:---|---:|---:|---|\n| Base | 110M | 79.6 | 单卡三天 |\n| Large | 340M | 82.1 | 学习率 `1e-5` |\n"),
        3 => {
            let _ = write!(text, "\n```python\ndef loss(x, y):\n    # 第 {number} 篇的核心\n    return ((x - y) ** 2).mean() + 0.1 * x.abs().sum() / max(1, len(x))  # a line that is longer than a page is wide\n```\n");
        }
        5 => text.push_str("\n1. 先看图 2；\n2. 再看表 3：\n   - 左边是基线，\n   - 右边是新方法；\n3. 最后看附录 B。\n"),
        7 => text.push_str("\n> 好的基线胜过花哨的模型。\n> 这话说了很多年，仍要再说。\n"),
        9 => text.push_str("\n$$\n\\mathcal{L} = \\sum_{i=1}^{n} \\log \\frac{\\exp(s_i / \\tau)}{\\sum_j \\exp(s_j / \\tau)}\n$$\n"),
        _ => {}
    }
    if number.is_multiple_of(8) {
        let _ = write!(
            text,
            "\n细节见附注。[^n{number}]\n\n[^n{number}]: 第 {number} 篇的附注：作者主页 https://people.example.org/{number}。\n"
        );
    }
}

//! Books of every kind that a list can become: languages and scripts, much and little, what
//! breaks pages and markup.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use offprint_core::load;
use offprint_core::{Issue, Series, Source};
use tempfile::TempDir;

use crate::series::{issue_of, series_of};
use crate::{
    SMALL_SERIES, copy_of, files_below, fixture, folder_with, list, long, read, read_text,
    repository, run, write,
};

/// A series in a folder, built, and its one book in both profiles.
#[derive(Debug)]
pub struct Book {
    /// What is special about it.
    pub name: &'static str,
    /// The series' folder.
    pub folder: PathBuf,
    /// The EPUB for readers of today.
    pub path: PathBuf,
    /// The EPUB for Kindle.
    pub kindle: PathBuf,
}

impl Book {
    fn new(name: &'static str, series: &TempDir) -> Self {
        Self::with("", name, series)
    }

    /// A book with further settings of its format.
    fn with(settings: &str, name: &'static str, series: &TempDir) -> Self {
        let folder = repository().join("target/shelf").join(name);
        let _ = fs::remove_dir_all(&folder);
        for (path, bytes) in files_below(series.path()) {
            write(&folder.join(path), &bytes);
        }
        let file = folder.join("offprint.toml");
        let series = read_text(&file);
        // One of the fixtures asks for both itself.
        if !series.contains("[epub]") {
            let profiles = "profile = [\"epub3\", \"kindle\"]";
            let series = format!("{series}\n[epub]\n{profiles}\n{settings}\n");
            write(&file, series.as_bytes());
        }
        let _ = run(&folder, &["build", "--format", "epub"]).expect(0);
        let books: Vec<PathBuf> = files_below(&folder.join("public"))
            .into_iter()
            .map(|(path, _)| folder.join("public").join(path))
            .collect();
        let [path, kindle] = books.as_slice() else {
            panic!("{books:?}")
        };
        Self {
            name,
            folder,
            path: path.clone(),
            kindle: kindle.clone(),
        }
    }

    /// The series as the program reads it.
    ///
    /// # Panics
    /// When it has errors.
    #[must_use]
    pub fn series(&self) -> Series {
        let path = self.folder.join("offprint.toml");
        let settings = Source::new("offprint.toml", read_text(&path));
        let series = load::series(&settings).value;
        series.unwrap_or_else(|| panic!("{} has errors", path.display()))
    }

    /// The issue as the program reads it.
    ///
    /// # Panics
    /// When it has errors.
    #[must_use]
    pub fn issue(&self) -> Issue {
        issue_of(&self.folder)
    }
}

/// All of them, the longest last. They stand below `target/shelf`, and are built by the
/// first call in a process.
///
/// # Panics
/// When one cannot be built.
pub fn books() -> &'static [Book] {
    static BOOKS: OnceLock<Vec<Book>> = OnceLock::new();
    BOOKS.get_or_init(|| {
        let fixtures = ["iclr-2021", "kitchen-sink", "hostile"];
        let mut books: Vec<Book> = fixtures
            .into_iter()
            .map(|name| Book::new(name, &copy_of(&fixture(name))))
            .collect();
        let issues = [
            ("English", ENGLISH),
            ("Chinese", CHINESE),
            ("Arabic", ARABIC),
            ("Hebrew", HEBREW),
            ("formulas", FORMULAS),
            ("footnotes", FOOTNOTES),
            ("tables", TABLES),
            ("headings", HEADINGS),
            ("no section", NO_SECTION),
            ("one paper", ONE_PAPER),
        ];
        books.extend(issues.map(|(name, issue)| Book::new(name, &series_of(issue))));
        let coverless = series_of(&long::issue(30));
        books.push(Book::with("cover = \"none\"", "no cover", &coverless));
        books.push(Book::new("figures", &figures()));
        books.push(Book::new("mixed", &series_of(&long::issue(100))));
        books.push(Book::new("abstracts", &series_of(&list::markdown(100))));
        books.push(Book::new("a thousand", &series_of(&list::markdown(1_000))));
        books
    })
}

/// The files of the books for readers of today.
#[must_use]
pub fn paths(books: &[Book]) -> Vec<PathBuf> {
    books.iter().map(|book| book.path.clone()).collect()
}

/// The files of the books in both profiles.
#[must_use]
pub fn all_paths(books: &[Book]) -> Vec<PathBuf> {
    let files = books.iter().flat_map(|book| [&book.path, &book.kindle]);
    files.cloned().collect()
}

/// Pictures of both kinds, with and without captions, small and wide, in texts and beside
/// papers, one of them twice.
fn figures() -> TempDir {
    let images = fixture("kitchen-sink").join("issues/kitchen-sink/images");
    let image = |name: &str| read(&images.join(name));
    folder_with(&[
        ("offprint.toml", SMALL_SERIES.as_bytes()),
        ("issues/issue.md", FIGURES.as_bytes()),
        ("issues/images/figure.png", &image("figure.png")),
        ("issues/images/small.png", &image("small.png")),
        ("issues/images/photo.jpg", &image("cover.jpg")),
    ])
}

const ENGLISH: &str = "---
title: Ten Minutes a Week
subtitle: What we read in spring
date: 2023-05-17
lang: en
description: \"Three papers on attention & memory, with notes.\"
authors: [Ada Byron, Jean-Luc O’Brien]
editors: [Zoë Müller]
tags: [attention, memory]
---

Every week we read three papers; this is what we would tell a friend. “Short” means that a
cup of tea is enough.[^tea]

[^tea]: Green tea, two minutes.

## Attention

### On the Limits of Sparse Attention

- url: https://papers.example.org/1
- authors: Wei Zhang; María García
- venue: ICLR 2023
- status: oral
- tags: attention, long documents
- abstract: We show that sparse attention needs at least logarithmically many layers.

The proof is two pages long, and the *experiments* are honest. See also
[the code](https://code.example.org/1).

> A good baseline beats a clever model.

1. Read section 2.
2. Then read the appendix.

## Memory

### Not All Memories Are Created Equal

- url: https://papers.example.org/2
- authors: Zofia Kowalski

Forgetting is a feature: `expire()` runs once a step.
";

const CHINESE: &str = "---
title: 一周三篇
date: 2023-05-17
lang: zh-CN
description: 三篇论文，各有一段短评。
authors: [林舟]
tags: [记忆, 注意力]
---

本周读三篇，都不长。

## 注意力

### 稀疏注意力的边界

- 链接: https://papers.example.org/1
- 作者: 张三、李四
- lang: zh-CN
- 标签: 注意力
- 摘要: 我们证明稀疏注意力需要足够多的层数。

证明只有两页，“实验”做得老实……结论写得克制——没有把相关说成因果。

> 好的基线胜过花哨的模型。

## 记忆

### 记忆并不平等

- 链接: https://papers.example.org/2
- 作者: 王五
- lang: zh-CN

遗忘是一种本领：每走一步，就丢掉一点。
";

const ARABIC: &str = "---
title: قراءات في الترجمة الآلية
date: 2023-05-17
lang: ar
description: \"ثلاث أوراق عن الترجمة، مع تعليق قصير.\"
authors: [ليلى حداد]
tags: [الترجمة, التقييم]
---

نقرأ كل أسبوع ثلاث أوراق، ونكتب عن كل واحدة منها بضعة أسطر.[^meta]

[^meta]: حاشية فيها كلمة English ورقم 42.

## الترجمة

### الانتباه وحده لا يكفي

- url: https://papers.example.org/1
- authors: ليلى حداد; سامي نصر
- lang: ar
- tags: الترجمة, BERT
- abstract: ندرس أثر الذاكرة في ترجمة النصوص الطويلة.

الفكرة بسيطة: **تقليل** الطبقات، ثم *قياس* الأثر.[^again] ومصدر الشيفرة [هنا](https://code.example.org/1).

[^again]: حاشية ثانية.

- أولاً، نقرأ الشكل 2؛
- ثانياً، نقرأ الجدول:
    - الصف الأول للأساس،
    - والثاني للطريقة الجديدة.

> قال المؤلف: «البساطة أفضل».

| النموذج | BLEU |
|:---|---:|
| الأساس | 27.3 |
| الجديد[^meta] | 28.9 |

### Attention Is All You Need

- url: https://papers.example.org/2
- authors: Ashish Vaswani; Noam Shazeer
- lang: en

ورقة مشهورة، عنوانها إنجليزي.

```python
print(\"مرحبا\")  # تعليق
```
";

const HEBREW: &str = "---
title: קריאות בתרגום
date: 2023-05-17
lang: he
description: שלושה מאמרים על תרגום.
authors: [נועה לוי]
tags: [תרגום]
---

בכל שבוע נקרא שלושה מאמרים.[^one]

[^one]: הערה עם המילה English והמספר 42.

## תרגום

### קשב אינו הכול

- url: https://papers.example.org/1
- authors: נועה לוי; דן כהן
- lang: he
- abstract: אנו בודקים את הזיכרון בתרגום של טקסטים ארוכים.

הרעיון **פשוט**: פחות שכבות.[^one] הקוד [כאן](https://code.example.org/1).

1. תחילה התרשים;
2. אחר כך הטבלה.

> „פשטות היא מעלה”, כתב המחבר.

| מודל | BLEU |
|:---|---:|
| בסיס | 27.3 |
| חדש[^two] | 28.9 |

[^two]: הערה בטבלה.
";

const FORMULAS: &str = "---
title: 公式与符号
date: 2023-05-17
lang: zh-CN
---

行内有 $x_i < y \\& z$，也有 $\\sum_{i=1}^{n} \\ell_i$。

## 公式 $O(n^2)$

### At $O(n \\log n)$ Cost, or $a < b$

- 链接: https://papers.example.org/1
- 一句话: 用 $\\sqrt{d}$ 换 $d$。
- 摘要: We bound $\\lVert x \\rVert_2$ by $\\epsilon$.

损失写作

$$
\\mathcal{L} = \\sum_{i=1}^{n} \\log \\frac{\\exp(s_i / \\tau)}{\\sum_j \\exp(s_j / \\tau)} + \\lambda \\lVert \\theta \\rVert_2^2 + \\operatorname{KL}\\left( q(z \\mid x) \\,\\|\\, p(z) \\right)
$$

其中 $\\tau > 0$。

- 列表里也有 $k$；
- 还有 $$\\int_0^1 x^2\\,dx = \\frac{1}{3}$$ 这样的。

| 记号 | 意义 |
|---|---|
| $\\tau$ | 温度 |
";

const FOOTNOTES: &str = "---
title: 脚注
date: 2023-05-17
lang: zh-CN
---

导读引用一次。[^shared]

[^shared]: 两节都引用的脚注，有[链接](https://note.example.org/)和 `代码`。

    第二段，还有一个列表：

    - 一
    - 二

## 第一节

这里再引一次。[^shared]

### First Paper

- 链接: https://papers.example.org/1

短评引两次，[^shared]又引一次，[^own]再引一次。[^own]

[^own]: 只在一处的脚注。

| 表 | 数 |
|---|---|
| 格[^cell] | 1 |

[^cell]: 表格里的脚注。

## 第二节

### Second Paper

- 链接: https://papers.example.org/2

另一节也引用它。[^shared]

> 引文里也有。[^quoted]

[^quoted]: 引文的脚注。
";

const TABLES: &str = "---
title: 表格
date: 2023-05-17
lang: zh-CN
---

## 节

### A Paper with Tables

- 链接: https://papers.example.org/1

三张表：宽的、缺角的，还有放着长词的。

| 列一 head | 列二 head | 列三 head | 列四 head | 列五 head | 列六 head | 列七 head | 列八 head |
|---|---|---|---|---|---|---|---|
| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |

|  | 左上是空的 |
|---|---|
| 行名 |  |

| 地址 | 数 |
|---|---|
| https://a.example.org/very/long/path/that/never/ends/and/has/no/place/to/break/because/it/is/one/word | 1 |
| `a_very_long_identifier_that_has_no_place_to_break_because_it_is_one_word_in_code` | 2 |
";

const HEADINGS: &str = "---
title: 小标题
date: 2023-05-17
lang: zh-CN
---

#### 导读里的小标题

导读。

## 节

###### 节里的六级

文字。

### A Paper with Headings

- 链接: https://papers.example.org/1

###### 六级

文字。

#### 四级

文字。

###### 又是六级

文字。

### Another Paper

- 链接: https://papers.example.org/2

##### 五级起

文字。
";

const NO_SECTION: &str = "---
title: 没有栏目
date: 2023-05-17
lang: zh-CN
---

### A Paper without a Section

- 链接: https://papers.example.org/1

短评一句，说说好在哪里。

### Another Paper without a Section

- 链接: https://papers.example.org/2

短评又一句。
";

const ONE_PAPER: &str = "---
title: 一篇
date: 2023-05-17
lang: zh-CN
---

## 节

### A Paper by Itself

- 链接: https://papers.example.org/1

短评一句。
";

const FIGURES: &str = "---
title: 图
date: 2023-05-17
lang: zh-CN
---

![柱状图](images/figure.png)

## 节

![方块](images/small.png \"小图也有说明\"){width=30%}

### A Paper with Pictures

- 链接: https://papers.example.org/1
- 配图: ![三根柱子](images/figure.png \"配图说明有 $k$\"){width=50%}

文字中的小图 ![方块](images/small.png) 跟着文字走。

![照片](images/photo.jpg \"一张照片\")

- 列表里：

    ![柱状图](images/figure.png)
";

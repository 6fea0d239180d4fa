//! The rules of the preflight in Chinese.

/// What happens where a rule is broken, and what to do, by the rule's name.
pub(super) fn in_chinese(rule: &str) -> Option<(&'static str, &'static str)> {
    let found = CHINESE.binary_search_by(|(name, ..)| (*name).cmp(rule));
    let (_, effect, remedy) = CHINESE.get(found.ok()?)?;
    Some((effect, remedy))
}

/// By name.
const CHINESE: &[(&str, &str, &str)] = &[
    (
        "attr.class",
        "这里没有样式表，class 只占字数",
        "去掉它，写行内样式",
    ),
    ("attr.event", "微信会去掉事件属性", "去掉它"),
    ("attr.id", "微信会去掉所有 id，指向它的也就失效", "去掉它"),
    (
        "attr.img-size",
        "草稿接口会丢掉图片的宽度属性",
        "把宽度写进样式",
    ),
    (
        "attr.presentational",
        "这个属性已过时，只有部分手机认得",
        "写行内样式",
    ),
    (
        "attr.unverified",
        "这个属性没有已知的作用，只占字数",
        "去掉它",
    ),
    (
        "css.animation",
        "没有样式表，动不起来",
        "去掉它，或在 SVG 里用 animate",
    ),
    ("css.calc", "微信会丢掉整条声明", "写算好的值"),
    ("css.caret", "编辑器里看不见光标", "去掉 caret-color"),
    ("css.filter", "手机不显示滤镜", "去掉它，或直接改图片"),
    ("css.float", "手机上文字不会绕排", "用弹性盒或表格"),
    (
        "css.font-family",
        "手机没有这种字体，或会和自带字体混排",
        "字体交给微信",
    ),
    (
        "css.gradient-text",
        "深色模式会把字后的渐变变成一种颜色",
        "字后只用一种底色",
    ),
    (
        "css.grid",
        "手机不能可靠地显示网格",
        "用弹性盒、inline-block 或表格",
    ),
    (
        "css.height-clip",
        "字放大后，超出的部分会被裁掉",
        "去掉高度，或让它滚动",
    ),
    ("css.height-zero", "手机上看不见里面的字", "去掉高度"),
    (
        "css.important",
        "它会压过微信自己的样式和深色转换",
        "去掉 !important",
    ),
    (
        "css.line-height",
        "折行的地方两行会叠在一起",
        "行高不要小于字号",
    ),
    (
        "css.modern-fn",
        "没有人见过这个函数在文章里留下来",
        "写算好的值",
    ),
    (
        "css.nowrap",
        "放不下的字会被手机裁掉",
        "让它换行，或放进可滚动的 section",
    ),
    ("css.offset", "没有 position，偏移不起作用", "用外边距"),
    (
        "css.offset-x",
        "它会把字推到栏外",
        "左右外边距保持在 -16 到 100 像素之间",
    ),
    (
        "css.opacity-img",
        "图片看不见，发布后也不能替换",
        "去掉 opacity 或图片",
    ),
    (
        "css.position",
        "微信会去掉 position",
        "用外边距、弹性盒或表格排版",
    ),
    ("css.pseudo", "行内样式里没有伪元素", "把字写进正文"),
    ("css.rem", "它取决于文章之外的网页", "用 px 或 em"),
    (
        "css.text-align",
        "各家手机对 start 和 end 的理解不一",
        "写 left 或 right",
    ),
    ("css.tiny", "小于 12 像素的字不好认", "至少 12 像素"),
    (
        "css.tr-bg",
        "不是每种手机都显示整行的底色",
        "把底色给单元格",
    ),
    (
        "css.transform",
        "深色模式按标记的顺序取色，不看最后落在哪里",
        "用外边距排版",
    ),
    ("css.underline-extras", "草稿接口会去掉它", "改用下边框"),
    (
        "css.url-data",
        "微信会丢掉写在样式里的图片",
        "上传图片，用 mmbiz.qpic.cn 的地址",
    ),
    (
        "css.url-external",
        "微信会滤掉不在自家服务器上的图片",
        "上传图片，用 mmbiz.qpic.cn 的地址",
    ),
    (
        "css.url-quoted",
        "草稿接口会拆掉整个元素",
        "url(…) 里不加引号",
    ),
    ("css.var", "文章里没有定义变量", "直接写值"),
    (
        "css.width-fixed",
        "比手机的栏宽（335 像素）还宽",
        "宽度写百分比，或放进可滚动的 section",
    ),
    (
        "css.width-var",
        "它在每种屏幕上占的比例都不同",
        "宽度写百分比",
    ),
    ("dark.contrast", "深色模式下认不出字", "两种颜色拉开些"),
    (
        "dark.contrast-low",
        "深色模式下字不好认，对比度低于 3",
        "两种颜色拉开些",
    ),
    (
        "dark.whitelist",
        "深色模式不会改这里的颜色",
        "去掉 data-no-dark",
    ),
    (
        "img.alt",
        "看不见图的人什么也得不到",
        "在 alt 里说明图里有什么",
    ),
    (
        "img.data",
        "微信会丢掉写在页面里的图片",
        "先上传图片，或从以文件显示它的页面复制",
    ),
    (
        "img.data-w",
        "图片载入之前页面留不出位置",
        "用 data-w 写明像素宽度",
    ),
    (
        "img.external",
        "微信会滤掉不在自家服务器上的图片",
        "先上传图片",
    ),
    ("img.fluid", "宽图会超出栏宽", "加上 max-width:100%"),
    (
        "img.format",
        "正文图片接口只收 1 MB 以内的 JPEG 和 PNG",
        "转换图片",
    ),
    ("img.local", "微信取不到这张图片", "先上传"),
    (
        "light.contrast-low",
        "字不好认，对比度低于 3",
        "两种颜色拉开些",
    ),
    (
        "limit.author",
        "作者太长微信不收：草稿 16 字，编辑器 8 字",
        "缩短",
    ),
    ("limit.bytes", "草稿接口只收 1 MB 以内", "拆成几篇"),
    (
        "limit.chars",
        "草稿接口只收 20,000 字符以内，标记也算",
        "拆成几篇，或粘贴到编辑器",
    ),
    (
        "limit.digest",
        "摘要太长微信不收：草稿 128 字，编辑器 120 字",
        "缩短",
    ),
    (
        "limit.digest-editor",
        "草稿在编辑器里改不了，那里最多 120 字",
        "缩到 120 字",
    ),
    (
        "limit.overhead",
        "文章里大半是标记",
        "让样式继承，去掉不起作用的",
    ),
    (
        "limit.source-url",
        "草稿接口只收 1 KB 以内的地址",
        "用短一些的地址",
    ),
    (
        "limit.title",
        "标题太长微信不收：草稿 32 字，编辑器 64 字",
        "缩短",
    ),
    ("link.empty", "没有字的链接点不着", "加上文字，或去掉"),
    (
        "link.external",
        "只有 mp.weixin.qq.com 的链接有效，其他的会被丢掉或不让保存",
        "写成文字加参考编号",
    ),
    (
        "link.fragment",
        "没有地方可跳，有的浏览器还存不了",
        "去掉链接",
    ),
    (
        "struct.empty",
        "空元素超过十五个时，微信会删掉它们",
        "用外边距留白",
    ),
    (
        "struct.li-units",
        "编辑器会在加粗和链接处把列表项拆开",
        "把整项放进一个 section",
    ),
    (
        "struct.list-native",
        "编辑器会给列表换上自己的标记",
        "用 section，把标记写成文字",
    ),
    (
        "struct.list-nested",
        "微信会改写列表里的列表，多出圆点",
        "用 section，把标记写成文字",
    ),
    (
        "struct.nest",
        "样式相同、一层套一层的元素，满十层就会被去掉",
        "减少层数",
    ),
    (
        "struct.nodeleaf",
        "section[nodeleaf] 只显示一张图或一个官方组件，其他的不显示",
        "里面只留那一个",
    ),
    (
        "struct.p-block",
        "段落在它之前就结束了",
        "把段落改成 section",
    ),
    (
        "struct.pre-prose",
        "pre 里的文字不换行，手机上会被裁掉",
        "用 section 或 p",
    ),
    (
        "struct.span-leaf",
        "span[leaf] 里只能放行内内容",
        "移到外面",
    ),
    (
        "struct.table-wide",
        "超过三栏的表格在手机上会被裁掉",
        "放进 overflow-x:auto 的 section",
    ),
    (
        "struct.unbalanced",
        "开始和结束标签对不上，微信只能猜",
        "每个元素在它开始的那一层里结束",
    ),
    (
        "svg.begin",
        "有鼠标的地方它永远不会开始",
        "写 begin=\"touchstart; click\"",
    ),
    (
        "svg.defs",
        "图形的这部分靠 id 引用，而微信会去掉 id",
        "直接画在要用的地方，用纯色",
    ),
    (
        "svg.foreign",
        "foreignObject 里只有 section 留得下来",
        "放进 section",
    ),
    (
        "svg.image",
        "微信会滤掉不在自家服务器上的图片",
        "上传图片，用 mmbiz.qpic.cn 的地址",
    ),
    (
        "svg.ink",
        "深色模式不动图形，深色线条在深色页上看不见",
        "用 currentColor 画",
    ),
    (
        "svg.size",
        "各家对这种图形的大小理解不一",
        "写明像素宽高（宽不过 677）和 viewBox",
    ),
    ("svg.urlref", "它指向 id，而微信会去掉 id", "用纯色"),
    (
        "tag.deprecated",
        "这是文字处理软件留下的，没有用处",
        "改用带样式的 span",
    ),
    (
        "tag.div",
        "手机不认 div 的样式，保存时还会改写",
        "改用 section",
    ),
    ("tag.forbidden", "微信会删掉这个元素，或不让保存", "去掉它"),
    (
        "tag.iframe",
        "微信只留自家播放器的框架",
        "改成文字写地址，或在编辑器里插入视频",
    ),
    (
        "tag.unverified",
        "没有人见过这个元素在文章里留下来",
        "改用 section、p 或 span",
    ),
    (
        "tag.wrapper",
        "微信会丢掉文章外面的网页和它的样式",
        "只交 body 里面的内容",
    ),
    (
        "text.code-newline",
        "代码的换行和缩进会丢",
        "写 br 和 &nbsp;",
    ),
    ("text.newline", "编辑器会当成换行", "把行接起来，或写 br"),
    (
        "text.spaces",
        "编辑器会并成一个空格，或一个不留",
        "只写一个空格，代码里用 &nbsp;",
    ),
    ("text.zwsp", "编辑器会在看不见的字符处断行", "删掉这些字符"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::RULES;

    #[test]
    fn every_rule_is_told_in_chinese() {
        assert!(CHINESE.is_sorted_by_key(|(name, ..)| name));
        for rule in RULES {
            let told = in_chinese(rule.name);
            assert!(told.is_some(), "{}", rule.name);
        }
        assert_eq!(CHINESE.len(), RULES.len());
        assert_eq!(in_chinese("no.rule"), None);
    }
}

//! What papers write and the library does not know, and what stands for it.

/// Commands that others have the same arguments for.
pub(crate) const SAME: &[(&str, &str)] = &[
    ("mathbbm", "mathbb"),
    ("mathbbmss", "mathbb"),
    ("mathbbold", "mathbb"),
    ("mathds", "mathbb"),
    ("mathbold", "boldsymbol"),
    ("mathbfit", "boldsymbol"),
    ("mathbi", "boldsymbol"),
    ("bs", "boldsymbol"),
    ("mathpzc", "mathcal"),
    ("mathup", "mathrm"),
    ("symbf", "mathbf"),
    ("symbb", "mathbb"),
    ("symcal", "mathcal"),
    ("symrm", "mathrm"),
    ("symit", "mathit"),
    ("symsf", "mathsf"),
    ("symtt", "mathtt"),
    ("symfrak", "mathfrak"),
    ("symscr", "mathscr"),
    ("mathlarger", "mathord"),
    ("mbox", "text"),
    ("makebox", "text"),
    ("hbox", "text"),
    ("textnormal", "text"),
    ("framebox", "fbox"),
    ("strut", "mathstrut"),
    ("normalfont", "rm"),
    ("bfseries", "bf"),
    ("itshape", "it"),
    ("ttfamily", "tt"),
    ("sffamily", "sf"),
    ("rmfamily", "rm"),
    ("mit", "it"),
    ("micro", "mu"),
    ("degree", "degree"),
    ("square", "square"),
    ("Perp", "perp"),
    ("bigtimes", "times"),
    ("Transpose", "top"),
    ("xlongrightarrow", "xrightarrow"),
    ("xlongleftarrow", "xleftarrow"),
    ("Longmapsto", "longmapsto"),
    ("textmu", "mu"),
    ("bbE", "mathbb E"),
    ("dprime", "prime\\prime"),
];

/// Commands that say nothing about what a formula looks like.
pub(crate) const NOTHING: &[&str] = &[
    "protect",
    "xspace",
    "ensuremath",
    "boldmath",
    "unboldmath",
    "displaylimits",
    "nonumber",
    "notag",
    "noindent",
    "centering",
    "par",
    "linebreak",
    "nolinebreak",
    "pagebreak",
    "break",
    "nobreak",
    "null",
    "leavevmode",
    "unskip",
    "ignorespaces",
    "selectfont",
    "hfil",
    "hss",
    "vfill",
    "allowdisplaybreaks",
    "samepage",
    "bigskip",
    "medskip",
    "smallskip",
    "mathsurround",
    "qedhere",
    "qed",
];

/// Commands that say nothing, with their arguments.
pub(crate) const NOTHING_OF: &[&str] = &[
    "label",
    "vspace",
    "mathversion",
    "fontsize",
    "footnote",
    "thanks",
    "index",
    "setlength",
    "pagestyle",
];

/// Commands and what they stand for; `#1` is their first argument.
pub(crate) const MEANINGS: &[(&str, usize, &str)] = &[
    ("nicefrac", 2, "{}^{#1}\\!/_{#2}"),
    ("sfrac", 2, "{}^{#1}\\!/_{#2}"),
    ("flatfrac", 2, "{#1}/{#2}"),
    ("textsubscript", 1, "{}_{\\text{#1}}"),
    ("textsuperscript", 1, "{}^{\\text{#1}}"),
    ("eqref", 1, "(\\text{#1})"),
    ("ref", 1, "\\text{#1}"),
    ("cref", 1, "\\text{#1}"),
    ("Cref", 1, "\\text{#1}"),
    ("cite", 1, "[\\text{#1}]"),
    ("citep", 1, "[\\text{#1}]"),
    ("citet", 1, "[\\text{#1}]"),
    ("scalebox", 2, "{#2}"),
    ("resizebox", 3, "{#3}"),
    ("rotatebox", 2, "{#2}"),
    ("adjustbox", 2, "{#2}"),
    ("parbox", 2, "\\text{#2}"),
    ("shortintertext", 1, "\\text{#1}"),
    ("intertext", 1, "\\text{#1}"),
    ("uwave", 1, "\\underline{#1}"),
    ("ul", 1, "\\underline{#1}"),
    ("mathop", 1, "\\mathop{#1}"),
    ("overunderset", 3, "\\overset{#1}{\\underset{#2}{#3}}"),
    ("sideset", 3, "{}#1{#3}#2"),
    ("prescript", 3, "{}^{#1}_{#2}{#3}"),
    ("tensor", 2, "{#1}{#2}"),
    ("abs", 1, "\\left|#1\\right|"),
    ("norm", 1, "\\left\\|#1\\right\\|"),
    ("ceil", 1, "\\left\\lceil #1\\right\\rceil "),
    ("floor", 1, "\\left\\lfloor #1\\right\\rfloor "),
    ("dv", 2, "\\frac{d #1}{d #2}"),
    ("pdv", 2, "\\frac{\\partial #1}{\\partial #2}"),
    ("vb", 1, "\\mathbf{#1}"),
    ("expval", 1, "\\left\\langle #1\\right\\rangle "),
    (
        "ketbra",
        2,
        "\\left|#1\\right\\rangle\\left\\langle #2\\right|",
    ),
    ("num", 1, ""),
    ("ang", 1, ""),
    ("si", 1, ""),
    ("unit", 1, ""),
    ("SI", 2, ""),
    ("qty", 2, ""),
    ("numrange", 2, ""),
    ("SIrange", 3, ""),
    ("qtyrange", 3, ""),
    ("dd", 0, "\\mathrm{d}"),
    ("tr", 0, "\\operatorname{tr}"),
    ("Tr", 0, "\\operatorname{Tr}"),
    ("rank", 0, "\\operatorname{rank}"),
    ("diag", 0, "\\operatorname{diag}"),
    ("sgn", 0, "\\operatorname{sgn}"),
    ("sign", 0, "\\operatorname{sign}"),
    ("erf", 0, "\\operatorname{erf}"),
    ("erfc", 0, "\\operatorname{erfc}"),
    ("lcm", 0, "\\operatorname{lcm}"),
    ("sech", 0, "\\operatorname{sech}"),
    ("csch", 0, "\\operatorname{csch}"),
    ("esssup", 0, "\\operatorname*{ess\\,sup}"),
    ("essinf", 0, "\\operatorname*{ess\\,inf}"),
    ("mathhyphen", 0, "\\text{-}"),
    ("mhyphen", 0, "\\text{-}"),
    ("textendash", 0, "\\text{–}"),
    ("textemdash", 0, "\\text{—}"),
    ("textbar", 0, "\\text{|}"),
    ("texttimes", 0, "\\times "),
    ("textpm", 0, "\\pm "),
    ("textasciitilde", 0, "\\text{~}"),
    ("celsius", 0, "{}^\\circ\\mathrm{C}"),
    ("angstrom", 0, "\\text{Å}"),
    ("ohm", 0, "\\Omega "),
    ("permil", 0, "\\text{‰}"),
    ("percent", 0, "\\%"),
    ("euro", 0, "\\text{€}"),
    ("texteuro", 0, "\\text{€}"),
    ("checked", 0, "\\checkmark "),
    ("Plus", 0, "+"),
    ("Minus", 0, "-"),
    ("slash", 0, "/"),
    ("bigast", 0, "\\ast "),
    ("indep", 0, "\\perp\\!\\!\\!\\perp "),
    ("coloneqq", 0, "\\coloneqq "),
    ("argmax", 0, "\\operatorname*{arg\\,max}"),
    ("argmin", 0, "\\operatorname*{arg\\,min}"),
];

/// Commands whose argument is text.
pub(crate) const TEXTS: &[&str] = &[
    "text", "textrm", "textsf", "texttt", "textbf", "textit", "textmd", "textup", "textsl",
    "textsc", "emph", "fbox",
];

/// Commands whose argument is neither formula nor text: names, colours, lengths.
pub(crate) const RAW: &[&str] = &[
    "color",
    "textcolor",
    "colorbox",
    "fcolorbox",
    "definecolor",
    "hspace",
    "mspace",
    "kern",
    "mkern",
    "mskip",
    "hskip",
    "rule",
    "raisebox",
    "href",
    "url",
    "includegraphics",
    "ce",
    "pu",
    "htmlClass",
    "htmlId",
    "htmlStyle",
    "htmlData",
    "operatorname@",
];

/// Environments: what stands for their beginning and for their end.
pub(crate) const ENVIRONMENTS: &[(&str, &str, &str)] = &[
    ("math", "", ""),
    ("displaymath", "", ""),
    ("subequations", "", ""),
    ("equation", "", ""),
    ("equation*", "", ""),
    ("align", "\\begin{align*}", "\\end{align*}"),
    ("alignat", "\\begin{alignat*}", "\\end{alignat*}"),
    ("flalign", "\\begin{align*}", "\\end{align*}"),
    ("flalign*", "\\begin{align*}", "\\end{align*}"),
    ("gather", "\\begin{gather*}", "\\end{gather*}"),
    ("multline", "\\begin{gather*}", "\\end{gather*}"),
    ("multline*", "\\begin{gather*}", "\\end{gather*}"),
    ("multlined", "\\begin{gathered}", "\\end{gathered}"),
    ("eqnarray", "\\begin{array}{rcl}", "\\end{array}"),
    ("eqnarray*", "\\begin{array}{rcl}", "\\end{array}"),
    ("tabular", "\\begin{array}", "\\end{array}"),
    ("cases*", "\\begin{cases}", "\\end{cases}"),
    ("dcases*", "\\begin{dcases}", "\\end{dcases}"),
    (
        "psmallmatrix",
        "\\left(\\begin{smallmatrix}",
        "\\end{smallmatrix}\\right)",
    ),
    (
        "bsmallmatrix",
        "\\left[\\begin{smallmatrix}",
        "\\end{smallmatrix}\\right]",
    ),
    (
        "Bsmallmatrix",
        "\\left\\{\\begin{smallmatrix}",
        "\\end{smallmatrix}\\right\\}",
    ),
    (
        "vsmallmatrix",
        "\\left|\\begin{smallmatrix}",
        "\\end{smallmatrix}\\right|",
    ),
    (
        "Vsmallmatrix",
        "\\left\\|\\begin{smallmatrix}",
        "\\end{smallmatrix}\\right\\|",
    ),
];

/// Environments that may say in brackets how they stand in their line.
pub(crate) const PLACED: &[&str] = &[
    "aligned",
    "alignedat",
    "gathered",
    "array",
    "split",
    "multlined",
];

/// The names of all commands that are read beyond those of the library.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let same = SAME.iter().map(|(name, _)| *name);
    let meanings = MEANINGS.iter().map(|(name, ..)| *name);
    same.chain(NOTHING.iter().copied())
        .chain(NOTHING_OF.iter().copied())
        .chain(meanings)
}

/// How many arguments a command takes that is put into other words.
pub(crate) fn arguments(name: &str) -> Option<usize> {
    let meaning = MEANINGS.iter().find(|(known, ..)| *known == name);
    meaning.map(|(_, count, _)| *count)
}

/// The names of all environments that are read beyond those of the library.
pub(crate) fn environments() -> impl Iterator<Item = &'static str> {
    ENVIRONMENTS.iter().map(|(name, ..)| *name)
}

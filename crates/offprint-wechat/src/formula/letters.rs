//! Formulas that a line of text can show: letters, signs, indices. What needs more of TeX is
//! drawn.

use std::iter::Peekable;
use std::str::Chars;

/// The longest formula that is looked at, in characters.
const MAX_LENGTH: usize = 200;
/// The deepest nesting of groups.
const MAX_DEPTH: usize = 6;

/// A formula as HTML: variables slanted, indices below and above. `None` for what a line of
/// text cannot show.
pub(crate) fn html(tex: &str) -> Option<String> {
    if tex.chars().count() > MAX_LENGTH {
        return None;
    }
    let mut reader = Reader {
        characters: tex.chars().peekable(),
    };
    let html = reader.group(None, 0)?.finish();
    (!html.is_empty()).then_some(html)
}

struct Reader<'t> {
    characters: Peekable<Chars<'t>>,
}

/// HTML that grows; letters that follow each other are slanted together.
#[derive(Default)]
struct Out {
    html: String,
    slanted: String,
    /// How many things it holds: one needs no brackets.
    atoms: usize,
    /// Whether a sign that comes next stands between two things.
    after_operand: bool,
}

impl Out {
    fn letter(&mut self, letter: char) {
        self.slanted.push(letter);
        self.atoms += 1;
        self.after_operand = true;
    }

    fn settle(&mut self) {
        if !self.slanted.is_empty() {
            self.html.push_str("<em>");
            self.html.push_str(&self.slanted);
            self.html.push_str("</em>");
            self.slanted.clear();
        }
    }

    fn upright(&mut self, text: &str) {
        self.settle();
        for character in text.chars() {
            match character {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                _ => self.html.push(character),
            }
        }
    }

    fn operand(&mut self, text: &str) {
        self.upright(text);
        self.atoms += 1;
        self.after_operand = true;
    }

    /// A sign with room on both sides if it stands between two things.
    fn sign(&mut self, sign: &str) {
        if self.after_operand {
            self.blank();
            self.upright(sign);
            self.blank();
        } else {
            self.upright(sign);
        }
        self.atoms += 1;
        self.after_operand = false;
    }

    fn blank(&mut self) {
        self.settle();
        if !self.html.is_empty() && !self.html.ends_with(' ') {
            self.html.push(' ');
        }
    }

    fn element(&mut self, name: &str, content: Self) {
        self.settle();
        self.html.push('<');
        self.html.push_str(name);
        if matches!(name, "sub" | "sup") {
            // Or its line is higher than others.
            self.html.push_str(" style=\"line-height:0\"");
        }
        self.html.push('>');
        self.html.push_str(&content.finish());
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
        self.after_operand = true;
    }

    /// Something within brackets, unless it is one thing alone.
    fn bracketed(&mut self, content: Self) {
        self.settle();
        let needs_brackets = content.atoms > 1;
        let content = content.finish();
        if needs_brackets {
            self.html.push('(');
            self.html.push_str(&content);
            self.html.push(')');
        } else {
            self.html.push_str(&content);
        }
        self.atoms += 1;
        self.after_operand = true;
    }

    fn finish(mut self) -> String {
        self.settle();
        self.html.truncate(self.html.trim_end().len());
        self.html
    }
}

impl Reader<'_> {
    /// What stands up to `end`, or up to the formula's end.
    fn group(&mut self, end: Option<char>, depth: usize) -> Option<Out> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut out = Out::default();
        loop {
            let Some(character) = self.characters.next() else {
                return end.is_none().then_some(out);
            };
            if Some(character) == end {
                return Some(out);
            }
            match character {
                '\\' => self.command(&mut out, depth)?,
                '{' => {
                    let inner = self.group(Some('}'), depth + 1)?;
                    out.atoms += inner.atoms;
                    out.upright("");
                    out.html.push_str(&inner.finish());
                    out.after_operand = true;
                }
                '_' | '^' => {
                    let content = self.argument(depth)?;
                    let name = if character == '_' { "sub" } else { "sup" };
                    out.element(name, content);
                }
                ' ' | '~' | '\n' | '\t' => {}
                '\'' => out.upright("′"),
                '=' | '<' | '>' | '+' => out.sign(&character.to_string()),
                '-' => out.sign("−"),
                '*' => out.sign("∗"),
                ',' | ';' => {
                    out.upright(&character.to_string());
                    out.blank();
                    out.after_operand = false;
                }
                '(' | '[' | '|' | '/' | ':' => {
                    out.upright(&character.to_string());
                    out.after_operand = false;
                }
                ')' | ']' | '!' | '.' => {
                    out.upright(&character.to_string());
                    out.after_operand = true;
                }
                letter if letter.is_alphabetic() && letter.is_ascii() => out.letter(letter),
                digit if digit.is_ascii_digit() => out.operand(&digit.to_string()),
                // `&`, `#`, `$`, `%`, `}` that closes nothing, and other scripts.
                _ => return None,
            }
        }
    }

    /// The group or the one thing that follows.
    fn argument(&mut self, depth: usize) -> Option<Out> {
        while self.characters.next_if_eq(&' ').is_some() {}
        let mut out = Out::default();
        match self.characters.next()? {
            '{' => return self.group(Some('}'), depth + 1),
            '\\' => self.command(&mut out, depth + 1)?,
            letter if letter.is_ascii_alphabetic() => out.letter(letter),
            digit if digit.is_ascii_digit() => out.operand(&digit.to_string()),
            '*' => out.operand("∗"),
            '+' => out.operand("+"),
            '-' => out.operand("−"),
            '\'' => out.operand("′"),
            _ => return None,
        }
        Some(out)
    }

    /// The words of a group as they stand.
    fn words(&mut self) -> Option<String> {
        while self.characters.next_if_eq(&' ').is_some() {}
        self.characters.next_if_eq(&'{')?;
        let mut words = String::new();
        loop {
            match self.characters.next()? {
                '}' => return Some(words),
                '\\' | '{' | '$' => return None,
                character => words.push(character),
            }
        }
    }

    fn command(&mut self, out: &mut Out, depth: usize) -> Option<()> {
        let mut name = String::new();
        while let Some(letter) = self.characters.next_if(char::is_ascii_alphabetic) {
            name.push(letter);
        }
        if name.is_empty() {
            match self.characters.next()? {
                ',' | ':' | '!' => {}
                ';' | ' ' => out.blank(),
                '{' => out.upright("{"),
                '}' => out.upright("}"),
                '|' => out.upright("‖"),
                '%' => out.upright("%"),
                '_' => out.upright("_"),
                '&' => out.upright("&"),
                _ => return None,
            }
            return Some(());
        }
        match name.as_str() {
            "text" | "mathrm" | "operatorname" | "textrm" | "mathit" | "mathsf" => {
                let words = self.words()?;
                out.operand(&words);
            }
            "mathbf" | "boldsymbol" | "bm" | "textbf" => {
                let content = self.argument(depth)?;
                out.element("strong", content);
                out.atoms += 1;
            }
            "mathcal" | "mathscr" | "mathbb" => {
                let mut letters = self.words()?;
                let letter = letters.pop().filter(|_| letters.is_empty())?;
                out.operand(&special(&name, letter)?.to_string());
            }
            "frac" | "tfrac" | "dfrac" => {
                let over = self.argument(depth)?;
                let under = self.argument(depth)?;
                out.bracketed(over);
                out.upright("/");
                out.bracketed(under);
            }
            "sqrt" => {
                if self.characters.peek() == Some(&'[') {
                    return None;
                }
                let content = self.argument(depth)?;
                out.upright("√");
                out.bracketed(content);
            }
            "left" | "right" | "big" | "Big" | "bigl" | "bigr" | "displaystyle" | "limits" => {
                self.characters.next_if_eq(&'.');
            }
            "quad" | "qquad" => out.blank(),
            "log" | "ln" | "exp" | "max" | "min" | "sup" | "inf" | "arg" | "argmax" | "argmin"
            | "det" | "dim" | "sin" | "cos" | "tan" | "tanh" | "lim" | "Pr" | "deg" | "gcd" => {
                if out.after_operand {
                    out.blank();
                }
                out.operand(&name);
                // `log n`, but `log(n)` and `log_2`.
                while self.characters.next_if_eq(&' ').is_some() {}
                if !matches!(
                    self.characters.peek(),
                    None | Some('(' | '[' | '_' | '^' | '{')
                ) {
                    out.blank();
                }
            }
            _ => {
                if let Some(sign) = relation(&name) {
                    out.sign(sign);
                } else {
                    let sign = symbol(&name)?;
                    out.operand(sign);
                }
            }
        }
        Some(())
    }
}

/// Letters of scripts that telephones have glyphs for.
fn special(script: &str, letter: char) -> Option<char> {
    let letters: &[(char, char)] = if script == "mathbb" {
        &[
            ('C', 'ℂ'),
            ('H', 'ℍ'),
            ('N', 'ℕ'),
            ('P', 'ℙ'),
            ('Q', 'ℚ'),
            ('R', 'ℝ'),
            ('Z', 'ℤ'),
        ]
    } else {
        &[
            ('B', 'ℬ'),
            ('E', 'ℰ'),
            ('F', 'ℱ'),
            ('H', 'ℋ'),
            ('I', 'ℐ'),
            ('L', 'ℒ'),
            ('M', 'ℳ'),
            ('R', 'ℛ'),
        ]
    };
    letters
        .iter()
        .find(|(plain, _)| *plain == letter)
        .map(|(_, special)| *special)
}

/// Signs that stand between two things.
fn relation(name: &str) -> Option<&'static str> {
    Some(match name {
        "le" | "leq" => "≤",
        "ge" | "geq" => "≥",
        "ne" | "neq" => "≠",
        "approx" => "≈",
        "equiv" => "≡",
        "sim" => "∼",
        "propto" => "∝",
        "ll" => "≪",
        "gg" => "≫",
        "in" => "∈",
        "notin" => "∉",
        "subset" => "⊂",
        "subseteq" => "⊆",
        "to" | "rightarrow" => "→",
        "leftarrow" => "←",
        "mapsto" => "↦",
        "Rightarrow" => "⇒",
        "times" => "×",
        "cdot" => "·",
        "pm" => "±",
        "cup" => "∪",
        "cap" => "∩",
        "oplus" => "⊕",
        "otimes" => "⊗",
        "circ" => "∘",
        "mid" => "|",
        _ => return None,
    })
}

fn symbol(name: &str) -> Option<&'static str> {
    Some(match name {
        "alpha" => "α",
        "beta" => "β",
        "gamma" => "γ",
        "delta" => "δ",
        "epsilon" | "varepsilon" => "ε",
        "zeta" => "ζ",
        "eta" => "η",
        "theta" => "θ",
        "kappa" => "κ",
        "lambda" => "λ",
        "mu" => "μ",
        "nu" => "ν",
        "xi" => "ξ",
        "pi" => "π",
        "rho" => "ρ",
        "sigma" => "σ",
        "tau" => "τ",
        "phi" | "varphi" => "φ",
        "chi" => "χ",
        "psi" => "ψ",
        "omega" => "ω",
        "Gamma" => "Γ",
        "Delta" => "Δ",
        "Theta" => "Θ",
        "Lambda" => "Λ",
        "Pi" => "Π",
        "Sigma" => "Σ",
        "Phi" => "Φ",
        "Psi" => "Ψ",
        "Omega" => "Ω",
        "nabla" => "∇",
        "partial" => "∂",
        "infty" => "∞",
        "sum" => "∑",
        "prod" => "∏",
        "int" => "∫",
        "forall" => "∀",
        "exists" => "∃",
        "emptyset" => "∅",
        "ell" => "ℓ",
        "dots" | "ldots" | "cdots" => "…",
        "prime" => "′",
        "langle" => "⟨",
        "rangle" => "⟩",
        "lVert" | "rVert" | "Vert" => "‖",
        "lvert" | "rvert" | "vert" => "|",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn what_a_line_can_show_is_shown() {
        for (tex, wanted) in [
            ("K", "<em>K</em>"),
            ("O(n)", "<em>O</em>(<em>n</em>)"),
            ("O(n \\log n)", "<em>O</em>(<em>n</em> log <em>n</em>)"),
            (
                "x_i^2",
                "<em>x</em><sub style=\"line-height:0\"><em>i</em></sub><sup style=\"line-height:0\">2</sup>",
            ),
            (
                "x_{i+1}",
                "<em>x</em><sub style=\"line-height:0\"><em>i</em> + 1</sub>",
            ),
            ("a < b", "<em>a</em> &lt; <em>b</em>"),
            ("-1", "−1"),
            (
                "E = mc^2",
                "<em>E</em> = <em>mc</em><sup style=\"line-height:0\">2</sup>",
            ),
            (
                "\\operatorname{Var}(\\nabla \\mathcal{L}_{\\text{MLM}})",
                "Var(∇ℒ<sub style=\"line-height:0\">MLM</sub>)",
            ),
            ("\\frac{1}{n+1}", "1/(<em>n</em> + 1)"),
            (
                "\\sqrt{d_k}",
                "√<em>d</em><sub style=\"line-height:0\"><em>k</em></sub>",
            ),
            (
                "\\mathbf{w} \\in \\mathbb{R}^d",
                "<strong><em>w</em></strong> ∈ ℝ<sup style=\"line-height:0\"><em>d</em></sup>",
            ),
            ("10\\%", "10%"),
        ] {
            assert_eq!(html(tex).as_deref(), Some(wanted), "{tex}");
        }
    }

    #[test]
    fn what_needs_more_stays_as_its_source() {
        for tex in [
            "",
            "\\begin{a}x\\end{a}",
            "\\hat x",
            "{x",
            "x}",
            "x_",
            "a & b",
            "\\mathcal{A}",
            "\\mathcal{LL}",
            "\\frac{1}",
            "\\text{a $b$}",
            "中",
            "<script>alert(1)</script>\"#",
        ] {
            assert_eq!(html(tex), None, "{tex}");
        }
        assert_eq!(html(&"{".repeat(100)), None);
        assert_eq!(html(&"x".repeat(300)), None);
    }
}

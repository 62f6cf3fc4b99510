"""Tables of characters and LaTeX commands, and what each stands for. Knows no question."""

from __future__ import annotations

import unicodedata

GREEK_NAMES = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota",
               "kappa", "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau",
               "upsilon", "phi", "chi", "psi", "omega"]  # fmt: skip
_GREEK_LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
GREEK_CHARACTERS = dict(zip(_GREEK_LETTERS, GREEK_NAMES, strict=True))
GREEK_CHARACTERS |= {c.upper(): name.title() for c, name in GREEK_CHARACTERS.items()}
GREEK_CHARACTERS |= {"ς": "sigma", "ϕ": "phi", "ϵ": "epsilon", "µ": "mu", "Ω": "Omega"}
GREEK_COMMANDS = {name: name for name in GREEK_CHARACTERS.values()}
GREEK_COMMANDS |= {"var" + name: name for name in GREEK_NAMES} | {"ell": "ell"}

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀᵗⁿⁱᵏᵈʳᵐ", "0123456789+-()TtnikdrmH", strict=False))
SUPERSCRIPTS |= {"†": "†", "ᴴ": "H", "ᵏ": "k", "ʲ": "j", "⊤": "T", "⊺": "T", "＊": "*"}
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₚᵣₛₜₓ", "0123456789+-()aehijklmnprstx", strict=True))

ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar",
    "overline": "bar", "check": "check", "dot": "dot", "ddot": "ddot", "breve": "breve",
}  # fmt: skip
COMBINING = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot"}
COMBINING_DROPPED = {
    "\u20d7",
    "\u20d1",
    "\u0332",
    "\ufe0e",
    "\ufe0f",
    "\u200b",
    "\u2061",
    "\u2062",
    "∎",
    "□",
    "■",
    "✓",
    "✔",
}

# Fonts whose argument is ordinary mathematics, and fonts that make one word of their argument.
FONTS = {"mathbf", "boldsymbol", "vec", "bm", "mathit", "pmb", "underline", "symbf", "bold",
         "overrightarrow", "mathnormal", "ensuremath", "textcolor", "displaylines", "boxed", "fbox",
         "underbrace", "overbrace", "mathop", "mathbin", "mathord", "smash"}  # fmt: skip
WORDS = {"mathrm", "text", "operatorname", "mathsf", "textrm", "textbf", "mbox", "mathtt", "textit",
         "mathcal", "mathscr", "mathfrak", "textnormal", "texttt", "rm", "hbox", "textsf", "textup",
         "textsc", "textsl", "textmd", "emph", "mathup", "symrm"}  # fmt: skip
DROPPED = {",", ";", "!", ":", " ", "limits", "nolimits", "displaystyle", "textstyle", "hfill",
           "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
           "biggl", "biggr", "Biggl", "Biggr", "bigm", "Bigm", "scriptstyle", "thinspace",
           "nonumber",
           "notag", "hline", "strut", "mathstrut", "rm", "bf", "it", "enspace", "allowbreak",
           "quad\n", "noindent", "medspace", "thickspace", "negthinspace", "relax", "tiny", "small",
           "scriptsize", "footnotesize", "normalsize", "large", "Large", "LARGE", "huge", "Huge",
           "scriptscriptstyle", "displaylimits", "sf", "tt", "boldmath", "bfseries", "centering",
           "bigskip", "medskip", "smallskip", "par", "hfil", "negmedspace", "negthickspace",
           "square", "blacksquare", "Box", "checkmark", "qed", "QED", "qedhere"}  # fmt: skip
DELIMITED = {"left", "right", "middle"}  # an invisible delimiter "." may follow these
DROPPED_WITH_ARGUMENT = {"tag", "label", "hspace", "vspace", "color", "phantom", "hphantom",
                         "vphantom", "mspace", "intertext"}  # fmt: skip

SYMBOLS = {
    "cdot": "·", "times": "×", "odot": "⊙", "circ": "∘", "ast": "*", "div": "/", "bullet": "·",
    "|": "‖", "lVert": "‖", "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "vert": "|",
    "mid": "|", "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]",
    "lparen": "(", "rparen": ")", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋",
    "lceil": "⌈", "rceil": "⌉", "\\": "newline", "newline": "newline", "cr": "newline",
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<",
    "gt": ">", "succ": ">", "succeq": "≥", "prec": "<", "preceq": "≤",
    "ne": "≠", "neq": "≠", "approx": "≈", "simeq": "≈", "sim": "∼", "propto": "∝",
    "equiv": "=", "triangleq": "=", "coloneqq": "=", "doteq": "=", "in": "∈", "to": "→",
    "eqqcolon": "=", "eqdef": "=", "leftarrow": "=", "gets": "=", "parallel": "‖",
    "rightarrow": "→", "longrightarrow": "→", "Rightarrow": "⇒", "implies": "⇒", "iff": "⇔",
    "Longrightarrow": "⇒", "Leftrightarrow": "⇔", "therefore": "⇒", "because": "⇒", "mapsto": "→",
    "Longleftrightarrow": "⇔", "prime": "'", "pm": "±", "mp": "±", "otimes": "⊗", "oplus": "⊕",
    "quad": "quad", "qquad": "quad", "setminus": "∖", "backslash": "∖", "colon": ":",
    "ll": "≪", "gg": "≫", "cap": "∩", "cup": "∪", "downarrow": "⇒", "land": "quad", "%": "%",
    "subset": "⊂", "subseteq": "⊂",
}  # fmt: skip
COMMANDS = {
    "top": "top", "intercal": "top", "dagger": "dagger", "dag": "dagger", "infty": "infty",
    "partial": "partial", "part": "partial", "nabla": "nabla",
    "dots": "dots", "cdots": "dots", "ldots": "dots",
    "vdots": "dots", "ddots": "dots", "dotsc": "dots", "dotsb": "dots", "sum": "sum",
    "prod": "prod", "star": "star", "hbar": "hbar", "forall": "forall", "exists": "exists",
    "over": "over", "int": "int", "emptyset": "emptyset", "varnothing": "emptyset",
    "lim": "lim", "perp": "perp",
}  # fmt: skip
COMMAND_WORDS = {"log", "ln", "exp", "det", "min", "max", "arg", "tr", "Tr", "trace", "diag",
                 "rank", "argmin", "argmax", "sin", "cos", "tanh", "sinh", "cosh", "tan", "inf",
                 "sup", "Pr", "dim", "ker", "gcd", "lg", "sign", "sgn", "rk", "inv", "pinv",
                 "norm", "abs", "erf", "sigmoid", "relu", "sech"}  # fmt: skip
CHARACTERS = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "·": "·", "⋅": "·", "∙": "·", "•": "·", "×": "×",
    "⊙": "⊙", "∘": "∘", "∗": "*", "⋆": "*", "÷": "/", "∕": "/", "⁄": "/", "‖": "‖", "∥": "‖",
    "∣": "|", "⟨": "⟨", "⟩": "⟩", "⌊": "⌊", "⌋": "⌋", "⌈": "⌈", "⌉": "⌉", "≤": "≤", "≥": "≥",
    "⩽": "≤", "⩾": "≥", "≠": "≠", "≈": "≈", "≃": "≈", "∼": "∼", "∝": "∝", "∈": "∈", "→": "→",
    "⟶": "→", "↦": "→", "⇒": "⇒", "⟹": "⇒", "∴": "⇒", "∵": "⇒", "⇔": "⇔", "⟺": "⇔", "′": "'",
    "’": "'", "‘": "'", "´": "'", "±": "±", "⊗": "⊗", "（": "(", "）": ")", "，": ",", "。": ".",
    "；": ";", "：": ":", "＝": "=", "＋": "+", "［": "[", "］": "]", "、": ",", "≜": "=", "≡": "=",
    "≔": "=", "←": "=", "∖": "∖", "≪": "≪", "≫": "≫", "∩": "∩", "∪": "∪",
    "‰": "‰", "~": "∼", "⊂": "⊂", "⊆": "⊂",
}  # fmt: skip
CHARACTER_COMMANDS = {"∞": "infty", "∂": "partial", "∇": "nabla", "…": "dots", "⋯": "dots",
                      "⋮": "dots", "⋱": "dots", "∑": "sum", "∏": "prod", "∀": "forall",
                      "∅": "emptyset"}  # fmt: skip
FRACTIONS = {
    sign: tuple(unicodedata.normalize("NFKC", sign).split("⁄")) for sign in "¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅑⅒"
}
PUNCTUATION = set("+-*/@()[]|=<>,;:.'!&\"%?#`")

LATEX_OF_GREEK = {name: "\\" + name for name in GREEK_CHARACTERS.values()}


def plain_letter(character: str) -> tuple[str, str]:
    """The letter that a styled or accented character stands for, and its accent ("" without).

    >>> plain_letter("𝐗"), plain_letter("ŵ"), plain_letter("λ")
    (('X', ''), ('w', 'hat'), ('lambda', ''))
    """
    if character.isascii():
        return character, ""
    decomposed = unicodedata.normalize("NFD", character)
    if len(decomposed) == 2 and decomposed[1] in COMBINING:
        return plain_letter(decomposed[0])[0], COMBINING[decomposed[1]]
    plain = unicodedata.normalize("NFKC", character) if len(decomposed) == 1 else character
    if len(plain) == 1 and plain.isascii() and plain.isalpha():
        return plain, ""
    return GREEK_CHARACTERS.get(plain, ""), ""

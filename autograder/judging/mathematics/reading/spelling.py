"""What the characters around a place say: LaTeX or plain text, words behind _, bars. No tokens."""

from __future__ import annotations

SPACES = set(",;:!|{}\\")  # commands of one sign
SUFFIXES = ("hat", "tilde", "bar", "star", "ridge", "optimal", "opt", "ols", "OLS", "LS", "ls",
            "lsq", "ML", "MLE", "MAP", "mle", "map", "min", "max", "best", "new", "reg", "norm",
            "svd", "lambda", "lam")  # fmt: skip
EINSUM = set("abcdefghijklmnopqrstuvwxyz,-> ")
SPOKEN_ACCENTS = ("hat", "bar", "tilde")
DELIMITERS = ("\\left", "\\right", "\\bigg", "\\Bigg", "\\big", "\\Big")


def is_latex(text: str) -> bool:
    """Whether a text has a LaTeX command; in MATLAB a backslash only divides.

    >>> is_latex("\\\\lambda I"), is_latex("A\\\\b"), is_latex("X^-1 y")
    (True, False, False)
    """
    at = text.find("\\")
    while at >= 0:
        following = text[at + 1 : at + 3]
        spaced = following != "" and following[0] in SPACES
        if spaced or (len(following) == 2 and _letters(following)):
            return True
        at = text.find("\\", at + 1)
    return False


def _letters(text: str) -> bool:
    return text.isascii() and text.isalpha()


def suffix(text: str, at: int) -> str:
    """The word behind the _ of w_ridge, "" for anything but the usual ones.

    >>> suffix("w_ridge = y", 2), suffix("x_iy_i", 2)
    ('ridge', '')
    """
    end = at
    while _letters(text[end : end + 1]):
        end += 1
    return text[at:end] if text[at:end] in SUFFIXES else ""


def spoken_accent(text: str, at: int) -> tuple[str, int]:
    """The letter under an accent in words, as hat_w, and where it ends; ("", at) for none.

    >>> spoken_accent("hat w = y", 0), spoken_accent("M(bar(x) - p)", 2), spoken_accent("that", 1)
    (('hat_w', 5), ('bar_x', 8), ('', 1))
    """
    before = text[at - 1 : at] if at else ""
    accent = next((word for word in SPOKEN_ACCENTS if text.startswith(word, at)), "")
    if not accent or before.isalnum() or before in {"_", "^", "\\"}:
        return "", at
    rest = text[at + len(accent) :]
    inside = rest.lstrip(" ")
    if inside[:1] == "(" and inside[2:3] == ")" and _letters(inside[1:2]):
        return f"{accent}_{inside[1]}", len(text) - len(inside) + 3
    spaced = rest != inside and _letters(inside[:1]) and not inside[1:2].isalnum()
    return (f"{accent}_{inside[0]}", len(text) - len(inside) + 1) if spaced else ("", at)


def is_delimiter(between: str) -> bool:
    r"""Whether only \left, \big and the like stand here.

    >>> is_delimiter(" \\left"), is_delimiter("")
    (True, True)
    """
    bare = between.strip()
    return not bare or (bare.rstrip("lrm") in DELIMITERS or bare in DELIMITERS)


def is_comment(text: str, at: int) -> bool:
    """Whether the # here begins a comment of code, and is no part of a name.

    >>> is_comment("X.T @ y  # the right side", 9), is_comment("w^{#}", 3)
    (True, False)
    """
    return text[:at][-1:] in {"", " ", "\n"} and text[at + 1 : at + 2] not in {"}", ""}


def is_matlab_comment(text: str, at: int) -> bool:
    """Whether the % here begins a comment of MATLAB: behind a formula, and words follow.

    >>> is_matlab_comment("A*y  % least norm", 5), is_matlab_comment("25 % of n", 3)
    (True, False)
    """
    before = text[:at].rstrip()[-1:]
    word = text[at + 1 :].lstrip().split(" ")[0].split("\n")[0]
    return (
        not before.isdigit()
        and text[at - 1 : at] in {" ", "\n", ""}
        and word.isalpha()
        and (len(word) > 2)
    )


def quoted(text: str, at: int) -> str:
    """The word in quotes that begins here, "" where the quote transposes.

    >>> quoted("norm(X, 'fro')", 8), quoted("X'y'", 1), quoted("einsum('ij->j', X)", 7)
    ('fro', '', 'ij->j')
    """
    if text[at] not in "'\"" or text[:at].rstrip()[-1:] not in {",", "=", "("}:
        return ""
    end = text.find(text[at], at + 1)
    inside = text[at + 1 : end] if end > at else ""
    pattern = text[:at].rstrip().endswith("einsum(") and set(inside) <= EINSUM
    return inside if pattern or _letters(inside) else ""


def number_end(text: str, at: int, *, exponents: bool) -> int:
    """Where the number that begins at `at` ends; 1e-3 is one number where `exponents` are written.

    >>> number_end("0.25^L", 0, exponents=True), number_end("1e-3", 0, exponents=True)
    (4, 4)
    """
    end = digits_end(text, at)
    if text[end : end + 1] == "." and text[end + 1 : end + 2].isdigit():
        end = digits_end(text, end + 1)
    if exponents and text[end : end + 1] in {"e", "E"}:
        sign = text[end + 1 : end + 2] in {"+", "-"}
        digits = digits_end(text, end + 1 + sign)
        end = digits if digits > end + 1 + sign else end
    return end


def digits_end(text: str, at: int) -> int:
    """Where the digits that begin at `at` end."""
    while text[at : at + 1] and text[at] in "0123456789":
        at += 1
    return at

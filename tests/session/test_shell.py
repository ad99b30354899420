"""One line for two shells: a POSIX shell and PowerShell take the same words out of it."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.recipes.recipe import Recipe, Step, from_text, to_line
from studio.session.shell import shell_line

QUOTES = "'\u2018\u2019\u201a\u201b"
DOUBLE = '"\u201c\u201d\u201e'


def powershell(line: str) -> list[str]:
    """The words that PowerShell hands to a program, for lines as written here: words between
    quotes or without any (about_Quoting_Rules: quotes of other shapes count as the plain ones,
    a doubled quote is one, and $, ` and quotes are replaced between double quotes)."""
    words, at = [], 0
    while at < len(line):
        if line[at] == " ":
            at += 1
            continue
        if line[at] not in QUOTES + DOUBLE:
            end = line.find(" ", at)
            end = len(line) if end < 0 else end
            word = line[at:end]
            assert not set(word) & set(QUOTES + DOUBLE + ",;&|<>(){}@#$`\\"), word
            words.append(word)
            at = end
            continue
        same = QUOTES if line[at] in QUOTES else DOUBLE
        word, at = "", at + 1
        while True:
            if line[at] in same:
                if line[at + 1 : at + 2] and line[at + 1] in same:
                    word, at = word + line[at], at + 2
                    continue
                at += 1
                break
            assert same is QUOTES or line[at] not in "$`"
            word, at = word + line[at], at + 1
        words.append(word)
    return words


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20) | st.sampled_from(
    ["it's", 'a"b', "$HOME", "`x`", "a!b", "~/x", "=ls", "1,0.5", "@a", "C:\\my models\\a.pt",
     "\u2019", "{a: 'true', b: [1, 2]}", "it's $5", "-v", "", "눈"]
)  # fmt: skip


@given(st.lists(texts, max_size=5))
def test_every_word_comes_back_in_its_shell(words: list[str]) -> None:
    assert shlex.split(shell_line(words, windows=False)) == words
    assert powershell(shell_line(words, windows=True)) == words


@given(st.lists(texts, max_size=5))
def test_what_needs_no_shell_of_its_own_is_one_line_for_both(words: list[str]) -> None:
    odd = [w for w in words if set(w) & set(QUOTES) and set(w) & set(DOUBLE + "$`\\!")]
    if not odd:
        line = shell_line(words, windows=True)
        assert line == shell_line(words, windows=False)
        assert shlex.split(line) == powershell(line) == words


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("clay-heads", "clay-heads"),
        ("smile=-2.5", "smile=-2.5"),
        ("openvino:CPU:bf16", "openvino:CPU:bf16"),
        ("1,0.5", "'1,0.5'"),
        ("my file.pt", "'my file.pt'"),
        ("it's.pt", '"it\'s.pt"'),
    ],
)
def test_known_words(word: str, line: str) -> None:
    assert shell_line([word], windows=False) == shell_line([word], windows=True) == line


def test_a_recipe_needs_neither_shell_of_its_own() -> None:
    params = {
        "keep": ["layer0.convolved", "rgb1.convolved"],
        "on": "true",
        "share": 1e-05,
        "n": None,
    }
    recipe = Recipe("it's 눈, 2", (Step("int8", 1, False, params), Step("prune")))
    line = to_line(recipe)
    assert "\n" not in line
    assert '"' not in line  # which Windows PowerShell 5 would take out
    assert from_text(line) == recipe
    quoted = shell_line([line], windows=True)
    assert quoted == shell_line([line], windows=False)
    assert shlex.split(quoted) == powershell(quoted) == [line]


def test_a_real_shell_agrees() -> None:
    words = ["it's", "$HOME", "a b", "눈", '"', "`x`", "!", 'it\'s $5 \\ "x"', "~", "{a: 1}"]
    line = shell_line(["printf", "%s\\n", *words], windows=False)
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.splitlines() == words

"""Markdown: what it draws, what it refuses, and how fast it gives up."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import markdown
from app.adapters.markdown import excerpt, render

REL = 'rel="noopener noreferrer nofollow ugc"'
TAGS = markdown._INLINE | markdown._BLOCKS | markdown._TABLE


class Reader(HTMLParser):
    """Collects the tags and attributes a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "**bold** *it* ~~gone~~ `code`",
            "<p><strong>bold</strong> <em>it</em> <s>gone</s> <code>code</code></p>",
        ),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# Title\n\n## Next\n\n##### Deep", "<h3>Title</h3>\n<h4>Next</h4>\n<h6>Deep</h6>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("```python\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>"),
        ("> quote", "<blockquote>\n<p>quote</p>\n</blockquote>"),
        ("[us](/portal/)", f'<p><a href="/portal/" {REL}>us</a></p>'),
        (
            "see https://a.example/x",
            f'<p>see <a href="https://a.example/x" {REL}>https://a.example/x</a></p>',
        ),
        ("write a@b.com", f'<p>write <a href="mailto:a@b.com" {REL}>a@b.com</a></p>'),
        ("start run.py on example.com", "<p>start run.py on example.com</p>"),
        ("![A cat](https://a.example/c.png)", f'<p><a href="https://a.example/c.png" {REL}>A cat</a></p>'),
        ("![](c.png)", f'<p><a href="c.png" {REL}>c.png</a></p>'),
        ("[![A cat](c.png)](https://a.example)", f'<p><a href="https://a.example" {REL}>A cat</a></p>'),
        ("<b>raw</b> &amp; a\0b", "<p>&lt;b&gt;raw&lt;/b&gt; &amp; a\ufffdb</p>"),
        ("a \ud800 b", "<p>a ? b</p>"),
        ("", ""),
    ],
)
def test_what_is_drawn(source: str, html: str) -> None:
    assert render(source).strip() == html


def test_a_table_keeps_its_alignment_without_a_style_attribute() -> None:
    html = render("a|b\n-|-:\n1|2")
    assert '<th align="right">b</th>' in html
    assert '<td align="right">2</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#x0a;script:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '[x](https://a.example" onmouseover="alert(1))',
        '[x](https://a.example "a\\" onmouseover=alert(1) \\"")',
        "```<script>\nx\n```",
        "<style>*{display:none}</style>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "a|b\n-|-\n<img src=x>|2",
    ],
)
def test_nothing_dangerous_passes(source: str) -> None:
    assert_safe(render(source))


@given(source=st.text(st.sampled_from("<>[]()!*_`~#|-:&;/\\\"'= \n\tajsx0.@\0")))
def test_no_text_passes_a_tag_or_address_of_its_own(source: str) -> None:
    assert_safe(render(source))


def assert_safe(html: str) -> None:
    seen = Reader(html)
    assert seen.tags <= TAGS
    assert seen.attributes <= {"href", "title", "rel", "start", "align"}
    schemes = {address.partition(":")[0].lower() for address in seen.addresses if ":" in address}
    assert not schemes & {"javascript", "vbscript", "data", "file"}


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "mark", [">", "> ", "- ", "[", "![", "*a **a ", "`", "<b>", "|a", "&", "_", "http://", "a@"]
)
def test_a_megabyte_of_marks_returns_fast(mark: str) -> None:
    started = time.process_time()
    html = render(mark * (MEGABYTE // len(mark)))
    assert time.process_time() - started < 2
    assert_safe(html)


@pytest.mark.parametrize("mark", ["> ", "- ", "[", "![", "*a **a ", "|a", "[a](", "<http:"])
def test_the_longest_text_that_is_parsed_returns_in_time(mark: str) -> None:
    started = time.process_time()
    render(mark * (markdown.LONGEST // len(mark)))
    assert time.process_time() - started < 5


def test_a_text_with_too_many_brackets_is_shown_as_written() -> None:
    assert render("[a] " * markdown.MOST_BRACKETS).startswith("<p>")
    assert render("[a] " * (markdown.MOST_BRACKETS + 1)).startswith("<pre>")


def test_a_text_that_is_too_long_is_shown_as_written() -> None:
    html = render("**a** <b>" * markdown.LONGEST)
    assert html.startswith("<pre>**a** &lt;b&gt;**a**")
    assert len(html) > markdown.LONGEST


@pytest.mark.parametrize(
    ("source", "length", "plain"),
    [
        (
            "# Hello\n\n**Dear** [team](https://a.example),\nit `works` <b>",
            80,
            "Hello Dear team, it works <b>",
        ),
        ("![A cat](c.png) sits", 80, "A cat sits"),
        ("- one\n- two\n\n```\nx = 1\n```", 80, "one two x = 1"),
        ("one two three", 13, "one two three"),
        ("one two three", 9, "one two…"),
        ("one two three", 7, "one…"),
        ("abcdefghij", 5, "abcd…"),
        ("", 5, ""),
    ],
)
def test_an_excerpt_is_plain_and_short(source: str, length: int, plain: str) -> None:
    assert excerpt(source, length) == plain


@given(source=st.text(), length=st.integers(1, 200))
def test_an_excerpt_never_exceeds_its_length(source: str, length: int) -> None:
    found = excerpt(source, length)
    assert len(found) <= length
    assert found == " ".join(found.split())

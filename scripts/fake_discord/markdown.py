"""Discord's dialect of Markdown as HTML, as far as a bot writes it; pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape
import re

_FENCE = re.compile(r"```(?:[\w+-]*\n)?(.*?)\n?```", re.DOTALL)
_CODE = re.compile(r"(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)")
_ESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")
_MENTION = re.compile(r"&lt;(@&amp;|@!?|#)(\d+)&gt;")
_TIME = re.compile(r"&lt;t:(-?\d+)(?::([tTdDfFR]))?&gt;")
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)]+)\)")
_EVERYONE = re.compile(r"@(everyone|here)\b")
_INLINE = (
    (re.compile(r"\*\*\*(?=\S)(.+?)\*\*\*", re.DOTALL), "<strong><em>{}</em></strong>"),
    (re.compile(r"\*\*(?=\S)(.+?)\*\*", re.DOTALL), "<strong>{}</strong>"),
    (re.compile(r"__(?=\S)(.+?)__", re.DOTALL), "<u>{}</u>"),
    (re.compile(r"~~(?=\S)(.+?)~~", re.DOTALL), "<s>{}</s>"),
    (
        re.compile(r"\|\|(?=\S)(.+?)\|\|", re.DOTALL),
        '<span class="spoiler">{}</span>',
    ),
    (re.compile(r"(?<!\w)\*(?=\S)([^*\n]+?)\*(?!\w)"), "<em>{}</em>"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]+?)_(?!\w)"), "<em>{}</em>"),
)
_LINES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(#{1,3}) (.+)"), lambda m: _tag(f"h{len(m[1])}", m[2])),
    (re.compile(r"-# (.+)"), lambda m: f'<div class="subtext">{m[1]}</div>'),
    (re.compile(r"&gt; (.*)"), lambda m: _tag("blockquote", m[1])),
    (
        re.compile(r"( *)[-*] (.+)"),
        lambda m: f'<div class="item depth{min(len(m[1]) // 2, 2)}">{m[2]}</div>',
    ),
)
_FORMATS = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "f": "%d %B %Y at %H:%M",
    "F": "%A, %d %B %Y at %H:%M",
}


def to_html(text: str, names: Mapping[int, str], now: float) -> str:
    """Return a text as HTML.

    Args:
        text: in Markdown.
        names: of users, roles and channels, by id.
        now: Unix time in s that relative times refer to.

    """
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\0{len(kept) - 1}\0"

    text = text.replace("\0", "")
    text = _FENCE.sub(lambda m: keep(f"<pre><code>{escape(m[1])}</code></pre>"), text)
    text = _CODE.sub(lambda m: keep(f"<code>{escape(m[2].strip())}</code>"), text)
    text = _ESCAPED.sub(lambda m: keep(escape(m[1])), text)
    text = escape(text, quote=False)
    text = _MENTION.sub(lambda m: keep(_mention(m[1], int(m[2]), names)), text)
    text = _TIME.sub(
        lambda m: keep(
            f'<span class="time">{_time(int(m[1]), m[2] or "f", now)}</span>'
        ),
        text,
    )
    text = _LINK.sub(
        lambda m: f"{keep(f'<a href="{m[2]}">')}{m[1]}{keep('</a>')}", text
    )
    text = _EVERYONE.sub(r'<span class="mention">@\1</span>', text)
    for pattern, form in _INLINE:
        text = pattern.sub(_filling(form), text)
    text = "".join(_line(line) for line in text.split("\n"))
    text = re.sub(r"<br>$", "", text)
    while "\0" in text:
        text = re.sub("\0(\\d+)\0", lambda m: kept[int(m[1])], text)
    # A block has no empty line above or below it.
    return re.sub(r"(</(?:pre|h[123]|blockquote|div)>)<br>", r"\1", text)


def _filling(form: str) -> Callable[[re.Match[str]], str]:
    return lambda match: form.format(match[1])


def _tag(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def _line(line: str) -> str:
    for pattern, form in _LINES:
        if match := pattern.fullmatch(line):
            return form(match)
    return line + "<br>"


def _mention(kind: str, number: int, names: Mapping[int, str]) -> str:
    mark = "#" if kind == "#" else "@"
    name = names.get(number, "unknown")
    return f'<span class="mention">{mark}{escape(name)}</span>'


def _time(timestamp: int, form: str, now: float) -> str:
    if form != "R":
        return datetime.fromtimestamp(timestamp, UTC).strftime(_FORMATS[form])
    seconds = timestamp - now
    for unit, length in (
        ("year", 31_536_000),
        ("month", 2_592_000),
        ("day", 86_400),
        ("hour", 3600),
        ("minute", 60),
        ("second", 1),
    ):
        count = round(abs(seconds) / length)
        if count or unit == "second":
            plural = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"in {plural}" if seconds > 0 else f"{plural} ago"
    raise AssertionError

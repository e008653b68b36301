"""What the studio's policy (CSP) and the house forbid, read from the files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3] / "studio"
LONGEST = 400

JS = sorted((ROOT / "js").rglob("*.js"))
# Words for people are data: a file of a language is as long as the language.
MESSAGES = ROOT / "js" / "app" / "messages"
CSS = sorted((ROOT / "styles").glob("*.css"))
HTML = sorted(ROOT.glob("*.html"))
SVG = sorted(ROOT.rglob("*.svg"))

# Text would become markup or code; the router's addresses and fetch's are no exceptions.
SINKS = re.compile(
    r"\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\s*\(|new Function\b"
    r"|\bFunction\s*\(|createContextualFragment|DOMParser|\.srcdoc\b|setHTMLUnsafe|setHTML\b"
    r"|set(?:Timeout|Interval)\(\s*[\"'`]|javascript:|\.cssText\b|setAttribute\(\s*[\"']style"
    r"|setAttribute\(\s*[\"']on|\.on\w+\s*=\s*[\"'`]|document\.cookie"
)
TOKENS_IN_LOCAL_STORAGE = re.compile(
    r"(?:local|browser)Storage[^;\n]*(?:token|refresh|password)", re.I
)
ABSOLUTE = re.compile(r"[\"'`(]\s*(?:https?:|wss?:)?//[\w.]+", re.I)
# Names, not addresses: nothing is fetched from them.
NAMES = ("http://www.w3.org/2000/svg", "http://page.invalid")


def rel(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_of(path: Path) -> str:
    """A module without its comments, which may speak of what is forbidden."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(?m)(^|\s)//.*$", "", text)


def absolutes(text: str) -> list[str]:
    for name in NAMES:
        text = text.replace(name, "")
    return ABSOLUTE.findall(text)


def test_the_studio_is_there() -> None:
    assert len(JS) > 20
    assert len(CSS) > 5
    assert [path.name for path in HTML] == ["index.html"]


@pytest.mark.parametrize("path", JS, ids=rel)
def test_text_is_only_ever_text(path: Path) -> None:
    found = SINKS.findall(code_of(path))
    if path.name == "dom.js":  # it lists what it refuses, in quotes
        found = [one for one in found if not one.startswith('"')]
    assert not found
    assert not TOKENS_IN_LOCAL_STORAGE.search(code_of(path))


@pytest.mark.parametrize(
    "line",
    [
        "element.innerHTML = name",
        "el.insertAdjacentHTML('x', y)",
        "document.write(x)",
        "eval (x)",
        "setTimeout('x()', 1)",
        "a.href = 'javascript:x'",
        "e.setAttribute('style', x)",
        "e.onclick = 'x()'",
    ],
)
def test_the_net_has_no_holes(line: str) -> None:
    assert SINKS.search(line)


@pytest.mark.parametrize("path", [*JS, *CSS, *HTML], ids=rel)
def test_every_address_is_relative(path: Path) -> None:
    text = code_of(path) if path.suffix == ".js" else path.read_text(encoding="utf-8")
    assert not absolutes(text)
    assert not re.search(r"""(?:href|src)=["']/""", text), "the page lives in more than one folder"
    if path.suffix == ".css":
        assert not re.search(r"url\(\s*[\"']?(?:data:|/)", text)
        assert "@import" not in text


def test_addresses_are_found() -> None:
    assert absolutes('fetch("https://cdn.example.org/x.js")')
    assert absolutes("url(//fonts.example.org/a.woff2)")


@pytest.mark.parametrize("path", [*HTML, *SVG], ids=rel)
def test_nothing_is_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=", text, re.I)
    for script in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.I | re.DOTALL):
        assert "src=" in script[0]
        assert not script[1].strip()


@pytest.mark.parametrize("path", JS, ids=rel)
def test_what_a_module_imports_is_there(path: Path) -> None:
    text = code_of(path)
    for name in re.findall(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""", text):
        assert name.startswith("."), f"{name} would have to be installed"
        assert (path.parent / name).is_file(), name


def test_what_the_page_names_is_there() -> None:
    text = (ROOT / "index.html").read_text(encoding="utf-8")
    for name in re.findall(r"""(?:href|src)=["']([^"'#]+)["']""", text):
        # Fonts are put beside the page when it is published (docs/studio.md).
        assert name.startswith("fonts/") or (ROOT / name).is_file(), name


def test_the_page_loads_nothing_before_it_knows_that_it_is_needed() -> None:
    # Drawing waits for config.json and the session: browsers warn of a font preloaded for nothing.
    assert 'rel="preload"' not in (ROOT / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", JS, ids=rel)
def test_what_a_comment_names_is_there(path: Path) -> None:
    for name in re.findall(r"\bsrc/reelstep/[\w/]+\.py", path.read_text(encoding="utf-8")):
        assert (ROOT.parent / name).is_file(), name


def test_one_sheet_does_not_dress_what_another_has_named() -> None:
    """Two rooms that take the same class name for different things: `.ticket` once was two."""
    owners: dict[str, set[str]] = {}
    shared = {
        "base.css",
        "parts.css",
        "forms.css",
        "layout.css",
        "tokens.css",
        "visualizer.css",
        "visualizer-strip.css",
    }
    for path in CSS:
        if path.name in shared:
            continue
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selector in re.findall(r"(?m)^\s*(\.[\w-]+)[^{;]*\{", text):
            owners.setdefault(selector, set()).add(path.name)
    assert {name: files for name, files in owners.items() if len(files) > 1} == {}


@pytest.mark.parametrize("path", JS, ids=rel)
def test_no_module_is_too_long(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST or path.parent == MESSAGES


def test_dark_is_the_same_dark_whoever_asks_for_it() -> None:
    """The system or the switch: CSS cannot say it once for a media query and an attribute."""
    text = (ROOT / "styles" / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"\{([^{}]*--film:[^{}]*)\}", text)
    _light, by_system, by_switch = (re.findall(r"--[\w-]+:[^;]+;", block) for block in blocks)
    assert by_system == by_switch != []

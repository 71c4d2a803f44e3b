"""What a program can see of how a page looks."""

from typing import Any, Final

from playwright.sync_api import Locator, Page

from .home import ROOT

FRONTEND: Final = ROOT / "frontend"

# Of every text whose box, or one around it, cuts it off: the text, and where it is.
# Boxes that scroll show all of it, and what only screen readers hear is meant to be
# cut.
_CLIPPED = """(root) => {
    const found = [];
    const parentOf = (node) =>
        node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
    const describe = (element) =>
        `${element.localName}.${String(element.className?.baseVal ?? element.className)}`;
    const check = (text) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        const rects = [...range.getClientRects()].filter(
            (rect) => rect.width > 0 && rect.height > 0,
        );
        if (rects.length === 0) return;
        const boxes = [];
        let scrollsX = false;
        let scrollsY = false;
        for (let node = parentOf(text); node; node = parentOf(node)) {
            const style = getComputedStyle(node);
            if (style.clipPath !== "none" || style.visibility === "hidden") return;
            if (style.opacity === "0") return;
            const inner = node.getBoundingClientRect();
            if (style.overflowX === "auto" || style.overflowX === "scroll") scrollsX = true;
            if (style.overflowY === "auto" || style.overflowY === "scroll") scrollsY = true;
            if (style.overflowX !== "visible" && !scrollsX && style.display !== "inline")
                boxes.push([describe(node), "x", inner.left, inner.right]);
            if (style.overflowY !== "visible" && !scrollsY && style.display !== "inline")
                boxes.push([describe(node), "y", inner.top, inner.bottom]);
            if (
                style.overflowX !== "visible" && !scrollsX &&
                node.scrollWidth > node.clientWidth + 1 && node === parentOf(text)
            )
                boxes.push([describe(node), "x", inner.left, inner.left + node.clientWidth]);
        }
        if (!scrollsX) boxes.push(["window", "x", 0, document.documentElement.clientWidth]);
        for (const [box, axis, low, high] of boxes) {
            const over = rects.some((rect) =>
                axis === "x"
                    ? rect.left < low - 1.5 || rect.right > high + 1.5
                    // Letters are lower than their lines.
                    : rect.top < low - 4 || rect.bottom > high + 4,
            );
            if (over) {
                found.push(`${text.textContent.trim()} (${box}, ${axis})`);
                return;
            }
        }
    };
    const walk = (node) => {
        if (node.nodeType === Node.TEXT_NODE) {
            if (node.textContent.trim()) check(node);
        } else if (!["STYLE", "SCRIPT", "TITLE", "OPTION"].includes(node.tagName)) {
            if (node.shadowRoot) node.shadowRoot.childNodes.forEach(walk);
            node.childNodes.forEach(walk);
        }
    };
    walk(root);
    return found;
}"""
_AXE_OPTIONS: Final[dict[str, Any]] = {
    # Names that are not what is seen cannot be spoken to.
    "rules": {"label-content-name-mismatch": {"enabled": True}},
    "resultTypes": ["violations"],
}
_AXE = """async (options) => {
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, any, all, none }) => {
            const why = [...any, ...all, ...none].map(({ message }) => message);
            return `${id}: ${target.flat().join(" ")}: ${why.join("; ")}`;
        }),
    );
}"""
_WATCH_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
            if (!entry.hadRecentInput)
                shifts.push([
                    entry.value,
                    entry.sources.map(
                        ({ previousRect: a, currentRect: b }) =>
                            `${a.y}+${a.height} → ${b.y}+${b.height}`,
                    ),
                ]);
    }).observe({ type: "layout-shift", buffered: true });
"""


class Looks:
    """A page that is measured; it must be so from before it is loaded."""

    def __init__(self, page: Page) -> None:
        """Measure a page."""
        self.page = page
        page.add_init_script(_WATCH_SHIFTS)

    def clipped(self, within: Locator | None = None) -> list[str]:
        """Return the texts that are cut off."""
        root = self.page.locator("body") if within is None else within
        texts: list[str] = root.evaluate(_CLIPPED)
        return texts

    def inaccessible(self) -> list[str]:
        """Return what axe-core finds."""
        if not self.page.evaluate("'axe' in window"):
            self.page.add_script_tag(
                path=FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
            )
        findings: list[str] = self.page.evaluate(_AXE, _AXE_OPTIONS)
        return findings

    def shifts(self) -> list[tuple[float, list[str]]]:
        """Return how far the layout shifted each time, as web vitals measure it."""
        found: list[tuple[float, list[str]]] = self.page.evaluate("shifts")
        return found

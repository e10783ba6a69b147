// Lists the texts of a page whose contrast to what is behind them is below 4.5 (WCAG 2 AA).
const parse = (colour) => {
  const rgb = /^rgba?\(([^)]+)\)/.exec(colour);
  if (rgb) {
    const [r, g, b, a] = rgb[1].split(/[ ,/]+/).map(Number);
    return [r, g, b, a ?? 1];
  }
  const srgb = /^color\(srgb ([^)]+)\)/.exec(colour);
  const [r, g, b, a] = srgb ? srgb[1].split(/[ /]+/).map(Number) : [0, 0, 0, 0];
  return [r * 255, g * 255, b * 255, a ?? 1];
};
const over = (front, behind) =>
  [0, 1, 2].map((i) => front[i] * front[3] + behind[i] * (1 - front[3])).concat(1);
const seen = new Map();
/** What is behind the texts of an element, and how opaque they are; each element is looked at once. */
const looks = (element) => {
  if (!element) {
    return { behind: [255, 255, 255, 1], opacity: 1 };
  }
  if (!seen.has(element)) {
    const outer = looks(element.parentElement);
    const style = getComputedStyle(element);
    seen.set(element, { behind: over(parse(style.backgroundColor), outer.behind), opacity: outer.opacity * Number(style.opacity) });
  }
  return seen.get(element);
};
const luminance = (colour) => {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode.nodeValue.trim();
  const element = walker.currentNode.parentElement;
  const { behind, opacity } = looks(element);
  if (text === '' || opacity === 0 || !element.getClientRects().length || element.closest('svg, noscript')) {
    continue;
  }
  const [r, g, b, a] = parse(getComputedStyle(element).color);
  const [light, dark] = [luminance(over([r, g, b, a * opacity], behind)), luminance(behind)].sort((x, y) => y - x);
  const ratio = (light + 0.05) / (dark + 0.05);
  if (ratio < 4.5) {
    found.push(`${text.slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
}
return found;

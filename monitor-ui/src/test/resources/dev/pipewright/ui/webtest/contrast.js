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
const ancestors = (element) => (element ? [element, ...ancestors(element.parentElement)] : []);
const background = (element) =>
  ancestors(element).reverse()
    .reduce((behind, e) => over(parse(getComputedStyle(e).backgroundColor), behind), [255, 255, 255, 1]);
const luminance = (colour) => {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode.nodeValue.trim();
  const element = walker.currentNode.parentElement;
  const opacity = ancestors(element).reduce((all, e) => all * Number(getComputedStyle(e).opacity), 1);
  if (text === '' || opacity === 0 || !element.getClientRects().length || element.closest('svg, noscript')) {
    continue;
  }
  const behind = background(element);
  const [r, g, b, a] = parse(getComputedStyle(element).color);
  const [light, dark] = [luminance(over([r, g, b, a * opacity], behind)), luminance(behind)].sort((x, y) => y - x);
  const ratio = (light + 0.05) / (dark + 0.05);
  if (ratio < 4.5) {
    found.push(`${text.slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
}
return found;

// The texts whose contrast with what is behind them is below WCAG 2.2 AA (4.5:1, large text 3:1).
const number = (text) => (text.match(/[\d.]+/g) || []).map(Number);
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const over = (top, below) => {
  const alpha = top.length > 3 ? top[3] : 1;
  return [0, 1, 2].map((at) => top[at] * alpha + below[at] * (1 - alpha));
};
const behind = (element) => {
  const layers = [];
  for (let item = element; item; item = item.parentElement) {
    layers.push(number(getComputedStyle(item).backgroundColor));
  }
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
};
const found = new Map();
let seen = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.textContent.trim() || !element.checkVisibility() || element.closest("script, :disabled")) continue;
  seen += 1;
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const back = behind(element);
  const [a, b] = [luminance(over(number(style.color), back)), luminance(back)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < (large ? 3 : 4.5)) {
    const where = `${element.tagName.toLowerCase()}.${element.className}: ${ratio.toFixed(2)}`;
    found.set(where, node.textContent.trim().slice(0, 30));
  }
}
return { seen, low: Array.from(found, ([where, text]) => `${where} (${text})`) };

// Every text of less contrast with what is behind it than WCAG 2.2 asks for at level AA.
() => {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return (channels(colour)[3] ?? 1) > 0 ? colour : behind(element.parentElement);
  };
  const own = (element) => [...element.childNodes]
    .some((node) => node.nodeType === 3 && node.textContent.trim());
  return [...document.querySelectorAll("main *:not(script, noscript, option)")]
    .filter((element) => own(element) && element.checkVisibility())
    .filter((element) => {
      const ink = light(getComputedStyle(element).color), page = light(behind(element));
      return (Math.max(ink, page) + 0.05) / (Math.min(ink, page) + 0.05) < 4.5;
    })
    .map((element) => `${element.className}: ${element.textContent.slice(0, 40)}`);
}

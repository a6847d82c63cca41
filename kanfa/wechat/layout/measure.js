// (step) => what is known of every element of the page, in document order.
// "prepare": makes the page the checker's column and describes the elements, which no width changes.
// "measure": their boxes at the present width. Decisions are made elsewhere, from these numbers alone.
// Answers are JSON texts: handing over thousands of values one by one takes longer than measuring them.
(step) => {
  const elements = [...document.body.querySelectorAll("*")];
  const indexes = new Map(elements.map((element, index) => [element, index]));
  const blank = (text) => text.trim() === "";
  const ownTexts = (element) => [...element.childNodes].filter((node) => node.nodeType === 3 && !blank(node.data));

  // an SVG's own geometry is no layout; the drawing as a whole is
  const inDrawing = (element) => element.parentElement.closest("svg") !== null;

  const path = (element) => {
    const steps = [];
    for (let node = element; node !== document.body; node = node.parentElement) {
      let before = 0;
      for (let other = node.previousElementSibling; other; other = other.previousElementSibling)
        before += other.localName === node.localName;
      steps.unshift(before ? `${node.localName}[${before + 1}]` : node.localName);
    }
    return steps.join(">");
  };

  // the words without which the checker passes an element by
  const words = ["font-family", "caret-color", "opacity", "line-height", "text-align", "width", "height", "animate",
    "<pre"];

  const describe = (element) => ({
    tag: element.localName,
    parent: indexes.get(element.parentElement) ?? -1,
    path: path(element),
    text: element.textContent,
    own: ownTexts(element).length > 0,
    width: element.style.width,
    height: element.style.height,
    most: element.style.maxHeight,
    ignored: element.hasAttribute("data-ignore-width"),
    drawing: inDrawing(element),
    svg_mode: element.dataset.mode === "svg",
    looked_at: words.some((word) => element.outerHTML.includes(word)),
    leaf: element.hasAttribute("leaf"),
    picture: element.localName === "img" ? element.getAttribute("src") ?? "" : "",
    words: element.getAttribute("alt") ?? "",
  });

  const ink = (element) => {
    const range = document.createRange();
    const boxes = ownTexts(element).flatMap((node) => {
      range.selectNodeContents(node);
      return [...range.getClientRects()];
    });
    if (["img", "svg"].includes(element.localName)) boxes.push(element.getBoundingClientRect());
    const visible = boxes.filter((box) => box.width > 0 && box.height > 0);
    if (!visible.length) return null;
    return [Math.min(...visible.map((box) => box.left)), Math.max(...visible.map((box) => box.right))];
  };

  const measure = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const lines = parseFloat(style.lineHeight);
    return {
      left: box.left, right: box.right, height: box.height,
      font_size: parseFloat(style.fontSize),
      line_height: Number.isNaN(lines) ? null : lines,
      overflow_x: style.overflowX, overflow_y: style.overflowY,
      scroll_width: element.scrollWidth, client_width: element.clientWidth,
      scroll_height: element.scrollHeight, client_height: element.clientHeight,
      ink: inDrawing(element) ? null : ink(element),
    };
  };

  if (step === "prepare") {
    // the reader's gutters are outside the column; what they leave on a phone is a width of its own
    document.body.style.cssText = "display:flow-root;padding:0;text-align:justify";
    return JSON.stringify(elements.map(describe));
  }
  const column = document.body.getBoundingClientRect();
  return JSON.stringify({ left: column.left, right: column.right, height: column.height, boxes: elements.map(measure) });
}

// Draws boxes on a picture with mouse or finger. They are sent as thousandths; the server burns them.
"use strict";
(() => {
  const form = document.getElementById("boxes");
  const canvas = form.querySelector(".canvas");
  const picture = canvas.querySelector("img");
  const undo = document.getElementById("undo");
  const count = document.getElementById("count");
  const edges = ["left", "top", "right", "bottom"];
  const boxes = [];
  let start = null;
  let drawn = null;

  form.querySelector(".by-number").remove();
  document.querySelector(".drawing").hidden = false;
  undo.hidden = false;
  canvas.classList.add("live");

  const at = (event) => {
    const frame = picture.getBoundingClientRect();
    const part = (value, length) => Math.min(1000, Math.max(0, Math.round(1000 * value / length)));
    return [part(event.clientX - frame.left, frame.width), part(event.clientY - frame.top, frame.height)];
  };
  const box = (from, to) => [
    Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1]),
  ];
  const place = (mark, [left, top, right, bottom]) => {
    const [wide, high] = [picture.clientWidth / 1000, picture.clientHeight / 1000];
    Object.assign(mark.style, {
      left: left * wide + "px", top: top * high + "px",
      width: (right - left) * wide + "px", height: (bottom - top) * high + "px",
    });
  };
  const tell = () => {
    count.textContent = count.dataset.count.replace("{n}", boxes.length);
    for (const old of form.querySelectorAll("input[type=hidden]")) old.remove();
    boxes.forEach(({ edge }, n) => edges.forEach((name, side) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: `boxes.${n}.${name}`, value: edge[side] });
      form.append(field);
    }));
  };

  picture.draggable = false;
  picture.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary) return;
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    start = at(event);
    drawn = canvas.appendChild(document.createElement("i"));
  });
  picture.addEventListener("pointermove", (event) => {
    if (start && event.isPrimary) place(drawn, box(start, at(event)));
  });
  picture.addEventListener("pointerup", (event) => {
    if (!start || !event.isPrimary) return;
    const edge = box(start, at(event));
    start = null;
    if (edge[2] - edge[0] < 5 || edge[3] - edge[1] < 5) { drawn.remove(); return; }
    boxes.push({ edge, mark: drawn });
    tell();
  });
  picture.addEventListener("pointercancel", () => { if (start) drawn.remove(); start = null; });
  undo.addEventListener("click", () => {
    const last = boxes.pop();
    if (last) last.mark.remove();
    tell();
  });
  addEventListener("resize", () => boxes.forEach(({ edge, mark }) => place(mark, edge)));
})();

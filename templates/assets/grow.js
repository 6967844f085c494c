// A framed page of our own is shown as long as it is: a frame that scrolls inside a page that
// scrolls hides its end from whoever has to read to the end.
(function () {
  "use strict";
  function grow(frame) {
    var page = frame.contentDocument;
    if (page && page.documentElement) {
      frame.style.height = page.documentElement.scrollHeight + 4 + "px";
    }
  }
  document.querySelectorAll("iframe.phone").forEach(function (frame) {
    frame.addEventListener("load", function () { grow(frame); });
    window.addEventListener("resize", function () { grow(frame); });
    grow(frame);
  });
})();

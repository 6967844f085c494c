// A list that is changed is sent at once, and the page stays where it was. Without this a button
// does it.
"use strict";
(() => {
  const place = "import.place";
  try {
    const kept = sessionStorage.getItem(place);
    if (kept) window.scrollTo(0, Number(kept));
    sessionStorage.removeItem(place);
  } catch (_) { /* no storage: the page begins at its top */ }
  const stay = () => {
    try { sessionStorage.setItem(place, String(window.scrollY)); } catch (_) { /* as above */ }
  };
  for (const form of document.querySelectorAll("form.changes")) {
    form.classList.add("live");
    form.addEventListener("change", () => {
      if (form.dataset.sent) return;
      form.dataset.sent = "yes";
      stay();
      form.submit();
    });
  }
})();

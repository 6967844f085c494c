// A list that is changed is sent at once, and stays under the finger when the page comes back, how
// much longer or shorter it has become above. Without this a button does it.
"use strict";
(() => {
  const place = "import.place";
  const forms = [...document.querySelectorAll("form.changes")];
  const table = (form) => [...new FormData(form).entries()]
    .filter(([name]) => name === "sheet" || name === "table").join();
  try {
    const [of, name, top] = JSON.parse(sessionStorage.getItem(place) || "[]");
    sessionStorage.removeItem(place);
    const field = forms.filter((form) => table(form) === of)
      .map((form) => form.elements.namedItem(name)).find(Boolean);
    if (field) {
      const fold = field.closest("details");
      if (fold) fold.open = true;
      window.scrollBy(0, field.getBoundingClientRect().top - top);
    }
  } catch (_) { /* no storage: the page begins at its top */ }
  const stay = (form, field) => {
    const kept = [table(form), field.name, field.getBoundingClientRect().top];
    try { sessionStorage.setItem(place, JSON.stringify(kept)); } catch (_) { /* as above */ }
  };
  for (const form of forms) {
    form.classList.add("live");
    form.addEventListener("change", (event) => {
      if (form.dataset.sent) return;
      form.dataset.sent = "yes";
      stay(form, event.target);
      form.submit();
    });
  }
})();

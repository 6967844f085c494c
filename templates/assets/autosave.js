// Saves the draft a second after typing stops. Without it the two buttons do the same by hand.
"use strict";
(() => {
  const form = document.getElementById("draft");
  if (!form || !window.fetch) return;
  const said = document.getElementById("saved");
  const sums = document.getElementById("sums");
  let timer = 0;
  let busy = false;
  let again = false;

  const save = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        headers: { accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
        redirect: "error",
      });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.title);
      form.elements.version.value = told.version;
      said.textContent = said.dataset.saved.replace("{clock}", told.saved_at);
      sums.textContent = told.sums;
      sums.dataset.even = told.even;
      for (const frame of document.querySelectorAll("iframe")) {
        if (frame.offsetParent) frame.contentWindow.location.reload();
      }
    } catch (problem) {
      said.textContent = problem instanceof SyntaxError || problem instanceof TypeError || !problem.message
        ? said.dataset.failed : problem.message + " " + said.dataset.failed;
      again = false;
    }
    busy = false;
    if (again) { again = false; save(); }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 1000);
  });
  // A button saves by itself: two saves over the same version would look like two people.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!busy) return;
    event.preventDefault();
    const button = event.submitter;
    const wait = setInterval(() => {
      if (busy) return;
      clearInterval(wait);
      form.requestSubmit(button);
    }, 50);
  });
})();

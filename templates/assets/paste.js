// A piece of a spreadsheet pasted into one cell fills the cells to its right and below.
"use strict";
(() => {
  for (const table of document.querySelectorAll("table.rows")) {
    table.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
      const start = event.target.closest(".cell");
      if (!start || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      // Each row of the form is a body of its own: its cells, then those folded under it.
      const rows = [...table.tBodies].map((row) => [...row.querySelectorAll(".cell")]);
      const first = rows.findIndex((cells) => cells.includes(start));
      const left = rows[first].indexOf(start);
      text.split("\n").forEach((line, down) => {
        const cells = rows[first + down] || [];
        line.split("\t").forEach((value, right) => {
          const cell = cells[left + right];
          const control = cell && cell.querySelector("input, select");
          if (!control) return;
          const fold = cell.closest("details");
          if (fold && value.trim()) fold.open = true;
          // A date picker takes nothing but its own spelling; as text nothing is lost.
          if (control.type === "date") control.type = "text";
          control.value = value.trim();
        });
      });
      start.querySelector("input, select").dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();

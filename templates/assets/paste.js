// A piece of a spreadsheet pasted into one cell fills the cells to its right and below.
"use strict";
(() => {
  for (const table of document.querySelectorAll("table.rows")) {
    table.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
      const start = event.target.closest("td");
      if (!start || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      const rows = [...table.tBodies[0].rows];
      const first = rows.indexOf(start.parentNode);
      text.split("\n").forEach((line, down) => {
        const row = rows[first + down];
        line.split("\t").forEach((value, right) => {
          const cell = row && row.cells[start.cellIndex + right];
          const control = cell && cell.querySelector("input:not([type=checkbox]), select");
          if (!control) return;
          // A date picker takes nothing but its own spelling; as text nothing is lost.
          if (control.type === "date") control.type = "text";
          control.value = value.trim();
        });
      });
      start.querySelector("input, select").dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();

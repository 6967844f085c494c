/* The check of a notice's page in the reader's own browser, behind tree.js: `/check.js`.

   What it checks stands in the page: the entry, its path, the signed head, the public keys. It finds
   by itself that the entry is about this edition and that it is in the tree under the head; the
   signatures only where the browser knows Ed25519, else it says that it cannot. The page says all
   that it says, in the reader's language: here only one of its bands is shown. */
(function () {
  "use strict";

  const place = document.getElementById("check");

  function raw(id) { return document.getElementById(id).textContent; }

  function bytes(text) { return new TextEncoder().encode(text); }

  function say(name, count) {
    Array.from(place.querySelectorAll("[data-say]")).forEach(function (band) {
      band.hidden = band.dataset.say !== name;
    });
    Array.from(place.querySelectorAll("[data-count]")).forEach(function (one) {
      one.hidden = !count;
      one.querySelector("i").textContent = count;
    });
    place.dataset.said = name;
  }

  /* Read a public key: its name, its id as hex, its type and its 32 bytes; null for a damaged one. */
  function keyOf(text) {
    const first = text.indexOf("+"), second = text.indexOf("+", first + 1);
    const name = text.slice(0, first), typed = tree.unbase64(text.slice(second + 1));
    if (first < 1 || !typed || typed.length !== 33) { return null; }
    const id = tree.hex(tree.sha256(tree.joined([bytes(name + "\n"), typed]))).slice(0, 8);
    if (id !== text.slice(first + 1, second)) { return null; }
    return { name: name, id: id, type: typed[0], bytes: typed.slice(1) };
  }

  /* Read a signed head: its text, size and root, and the lines of signatures below. */
  function headOf(note) {
    const end = note.lastIndexOf("\n\n"), text = note.slice(0, end + 1), said = text.split("\n");
    const root = tree.unbase64(said[2] || "");
    if (end < 0 || said.length !== 4 || !/^[1-9][0-9]*$/.test(said[1]) || !root) { return null; }
    const lines = note.slice(end + 2, -1).split("\n").map(function (line) {
      const words = line.split(" "), data = tree.unbase64(words[2] || "");
      return { name: words[1], id: data ? tree.hex(data.slice(0, 4)) : "", payload: data ? data.slice(4) : null };
    });
    return { text: text, origin: said[0], size: Number(said[1]), root: root, lines: lines };
  }

  /* What a line signs: the text, and for a witness (type 4) its time before it. */
  function signedBy(key, line, text) {
    if (key.type !== 4) { return { message: bytes(text), signature: line.payload }; }
    const view = new DataView(line.payload.buffer, line.payload.byteOffset);
    const time = view.getUint32(0) * 4294967296 + view.getUint32(4);
    return {
      message: bytes("cosignature/v1\ntime " + time + "\n" + text),
      signature: line.payload.slice(8),
    };
  }

  /* Count the lines by these keys; null when one of them does not hold. */
  async function counted(head, keys) {
    let count = 0;
    for (const line of head.lines) {
      const key = keys.find(function (one) { return one.name === line.name && one.id === line.id; });
      if (!key) { continue; }
      if (!line.payload || line.payload.length !== (key.type === 4 ? 72 : 64)) { return null; }
      const said = signedBy(key, line, head.text);
      const known = await crypto.subtle.importKey("raw", key.bytes, { name: "Ed25519" }, false, ["verify"]);
      if (!await crypto.subtle.verify({ name: "Ed25519" }, known, said.signature, said.message)) { return null; }
      count += 1;
    }
    return count;
  }

  function listed(name) { return (place.dataset[name] || "").split(" ").filter(Boolean).map(keyOf); }

  function entryIs(leaf) {
    let said;
    try { said = JSON.parse(leaf); } catch (error) { return false; }
    return said.act === "publish" && said.code === place.dataset.code && String(said.ed) === place.dataset.ed;
  }

  async function check() {
    const leaf = raw("leaf"), head = headOf(raw("note")), steps = tree.path(raw("path"));
    const log = listed("keys"), witnesses = listed("witnesses");
    if (!entryIs(leaf) || !head || !steps || log.concat(witnesses).indexOf(null) >= 0) { say("path"); return; }
    const hash = tree.leaf(bytes(leaf));
    if (!tree.included(hash, Number(place.dataset.index), head.size, steps, head.root)) { say("path"); return; }
    if (!window.crypto || !crypto.subtle) { say("unsigned"); return; }
    let own, others;
    try {
      own = await counted(head, log.filter(function (key) { return key.name === head.origin; }));
      others = await counted(head, witnesses);
    } catch (error) {
      say("unsigned");  // a browser from before Ed25519
      return;
    }
    if (!own || others === null) { say("signature"); } else { say("right", others); }
  }

  if (place && document.getElementById("note")) { check(); }
}());

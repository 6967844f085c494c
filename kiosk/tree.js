/* A log's tree, checked by whoever reads it: SHA-256 and the proofs of RFC 6962.

   The player and the check of a notice's page both begin with this file. SHA-256 is our own because
   plain HTTP has no WebCrypto. Written for Chromium 69 and later, without a build step. Hashes are
   Uint8Arrays of 32 bytes; a size is a whole number up to 2^53, so it is halved and never shifted. */
const tree = (function () {
  "use strict";

  const K = [], FIRST = [];
  for (let n = 2; K.length < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) { if (n % d === 0) { prime = false; } }
    if (prime) {
      if (FIRST.length < 8) { FIRST.push((Math.pow(n, 1 / 2) * 4294967296) | 0); }
      K.push((Math.pow(n, 1 / 3) * 4294967296) | 0);
    }
  }

  function sha256(bytes) {
    const length = bytes.length;
    const padded = new Uint8Array(((length + 8) >> 6 << 6) + 64);
    padded.set(bytes);
    padded[length] = 128;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(length / 536870912));
    view.setUint32(padded.length - 4, length << 3);
    const hash = Int32Array.from(FIRST), w = new Int32Array(64);
    const turn = function (x, n) { return (x >>> n) | (x << (32 - n)); };
    for (let at = 0; at < padded.length; at += 64) {
      for (let i = 0; i < 16; i += 1) { w[i] = view.getInt32(at + 4 * i); }
      for (let i = 16; i < 64; i += 1) {
        const a = w[i - 15], b = w[i - 2];
        w[i] = (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)) + w[i - 7]
          + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 16];
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let i = 0; i < 64; i += 1) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach(function (x, i) { hash[i] += x; });
    }
    const out = new Uint8Array(32), whole = new DataView(out.buffer);
    hash.forEach(function (x, i) { whole.setInt32(4 * i, x); });
    return out;
  }

  function hex(bytes) {
    return Array.from(bytes, function (x) { return ("0" + x.toString(16)).slice(-2); }).join("");
  }

  function unhex(text) {
    return Uint8Array.from(text.match(/../g) || [], function (pair) { return parseInt(pair, 16); });
  }

  /* Read base64 that has one way to be written; gives null for any other text. */
  function unbase64(text) {
    let raw;
    try { raw = atob(text); } catch (error) { return null; }
    if (btoa(raw) !== text) { return null; }
    return Uint8Array.from(raw, function (sign) { return sign.charCodeAt(0); });
  }

  /* Read a path, a hash a line in base64, each line ended; gives null for anything else. */
  function path(text) {
    const lines = text.split("\n");
    const hashes = lines.slice(0, -1).map(unbase64);
    const sound = lines[lines.length - 1] === "" && hashes.length < 64
      && hashes.every(function (hash) { return hash && hash.length === 32; });
    return sound ? hashes : null;
  }

  function joined(pieces) {
    const out = new Uint8Array(pieces.reduce(function (sum, piece) { return sum + piece.length; }, 0));
    let at = 0;
    pieces.forEach(function (piece) { out.set(piece, at); at += piece.length; });
    return out;
  }

  function same(one, other) {
    return one.length === other.length && one.every(function (byte, i) { return byte === other[i]; });
  }

  function leaf(bytes) { return sha256(joined([[0], bytes])); }

  function node(left, right) { return sha256(joined([[1], left, right])); }

  function half(n) { return Math.floor(n / 2); }

  /* Say whether the leaf with this hash stands at `index` in the tree (RFC 9162, 2.1.3.2). */
  function included(hash, index, size, steps, root) {
    if (!(index >= 0 && index < size)) { return false; }
    let fn = index, sn = size - 1, top = hash;
    for (const step of steps) {
      if (sn === 0) { return false; }
      if (fn % 2 === 1 || fn === sn) {
        top = node(step, top);
        while (fn % 2 === 0 && fn > 0) { fn = half(fn); sn = half(sn); }
      } else {
        top = node(top, step);
      }
      fn = half(fn);
      sn = half(sn);
    }
    return sn === 0 && same(top, root);
  }

  /* Say whether the tree of `old` leaves is the beginning of the one of `size` (2.1.4.2). */
  function consistent(old, oldRoot, size, root, steps) {
    if (old === size) { return steps.length === 0 && same(oldRoot, root); }
    if (!(old > 0 && old < size) || steps.length === 0) { return false; }
    let fn = old - 1, sn = size - 1;
    while (fn % 2 === 1) { fn = half(fn); sn = half(sn); }
    // With `old` a power of two its root is a node of the new tree and is not sent.
    const rest = fn === 0 ? [oldRoot].concat(steps) : steps;
    let first = rest[0], second = rest[0];
    for (const step of rest.slice(1)) {
      if (sn === 0) { return false; }
      if (fn % 2 === 1 || fn === sn) {
        first = node(step, first);
        second = node(step, second);
        while (fn % 2 === 0 && fn > 0) { fn = half(fn); sn = half(sn); }
      } else {
        second = node(second, step);
      }
      fn = half(fn);
      sn = half(sn);
    }
    return sn === 0 && same(first, oldRoot) && same(second, root);
  }

  return { sha256, hex, unhex, unbase64, path, joined, same, leaf, included, consistent };
}());

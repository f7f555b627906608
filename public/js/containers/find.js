// Finds a text in the lines that a log shows: all matches are marked (CSS Custom Highlight API: nothing is put into the lines),
// counted, and gone through by Enter, Shift+Enter, F3, or n and N while the log has the focus.
import { isWriting } from '../dom.js';
import { fill } from '../text.js';

/** More than this is counted, and not marked. */
const MARKED_MOST = 20_000;

/** @returns what the log calls when lines came, and when lines went */
export function createFind(log) {
  const box = document.getElementById('log-find');
  if (!box) return { added() {}, removed() {} };
  const field = box.querySelector('input');
  const told = box.querySelector('output');
  const marks = globalThis.Highlight ? { all: new Highlight(), now: new Highlight() } : null;
  if (marks) {
    marks.now.priority = 1;
    CSS.highlights.set('log-find', marks.all);
    CSS.highlights.set('log-find-now', marks.now);
  }
  const number = new Intl.NumberFormat(document.documentElement.lang);
  /** Row → its matches, in the order of the rows. */
  let found = new Map();
  let pattern = null;
  let now = null;
  let count = 0;

  const matchesIn = (row) => {
    const span = row.querySelector('span');
    const text = span?.textContent ?? '';
    const ranges = [];
    if (row.className === 'note') return ranges;
    pattern.lastIndex = 0;
    let nodes = null;
    for (const { index, 0: { length } } of text.matchAll(pattern)) {
      if (length === 0) continue;
      nodes ??= nodesOf(span);
      const [from, to] = [placeOf(nodes, index, false), placeOf(nodes, index + length, true)];
      ranges.push(new StaticRange({ startContainer: from.node, startOffset: from.at, endContainer: to.node, endOffset: to.at }));
    }
    return ranges;
  };

  function look(rows) {
    for (const row of rows) {
      const ranges = matchesIn(row);
      if (ranges.length === 0) continue;
      found.set(row, ranges);
      for (const range of ranges) if (++count <= MARKED_MOST) marks?.all.add(range);
    }
  }

  function begin() {
    marks?.all.clear();
    marks?.now.clear();
    found = new Map();
    now = null;
    count = 0;
    const words = field.value;
    pattern = words ? new RegExp(words.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'giu') : null;
    if (pattern) look(log.querySelectorAll('li'));
    tell();
  }

  function tell() {
    box.dataset.state = !pattern ? 'idle' : count === 0 ? 'none' : 'some';
    const at = now ? [...found].reduce((sum, [row, ranges]) => (row.compareDocumentPosition(now.row) & Node.DOCUMENT_POSITION_FOLLOWING ? sum + ranges.length : sum), 0) + now.index + 1 : 0;
    told.textContent = !pattern ? '' : count === 0 ? box.dataset.none : fill(now ? box.dataset.at : count === 1 ? box.dataset.one : box.dataset.count, { at: number.format(at), n: number.format(count) });
    for (const button of box.querySelectorAll('button')) button.disabled = count === 0;
  }

  /** To the next one below, or above; round the ends. The first is the last one that is shown: logs are read from their end. */
  function go(step) {
    if (count === 0) return;
    const rows = [...found.keys()];
    let at = now ? rows.indexOf(now.row) : -1;
    let index = now ? now.index + step : -1;
    if (at < 0) {
      at = rows.length - 1;
      index = found.get(rows[at]).length - 1;
    } else if (index < 0 || index >= found.get(rows[at]).length) {
      at = (at + step + rows.length) % rows.length;
      index = step > 0 ? 0 : found.get(rows[at]).length - 1;
    }
    now = { row: rows[at], index };
    const range = found.get(now.row)[index];
    marks?.now.clear();
    marks?.now.add(range);
    now.row.scrollIntoView({ block: 'center', inline: 'nearest' });
    tell();
  }

  let asked = false;
  field.addEventListener('input', () => {
    if (!asked) requestAnimationFrame(() => {
      asked = false;
      begin();
    });
    asked = true;
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      go(event.shiftKey ? 1 : -1);
    }
    if (event.key === 'Escape' && field.value) {
      event.stopPropagation();
      field.value = '';
      begin();
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const down = event.key === 'F3' ? !event.shiftKey : event.key === 'n' && !isWriting(event.target) ? true : event.key === 'N' && !isWriting(event.target) ? false : null;
    if (down === null || (event.key !== 'F3' && !log.contains(event.target)) || count === 0) return;
    event.preventDefault();
    go(down ? 1 : -1);
  });
  box.querySelector('[data-step=up]').addEventListener('click', () => go(-1));
  box.querySelector('[data-step=down]').addEventListener('click', () => go(1));
  begin();

  return {
    added(rows) {
      if (!pattern) return;
      look(rows);
      tell();
    },
    removed() {
      for (const [row, ranges] of found) {
        if (row.isConnected) break;
        found.delete(row);
        count -= ranges.length;
        for (const range of ranges) marks?.all.delete(range);
        if (now?.row === row) now = null;
      }
      if (pattern) tell();
    },
  };
}

function nodesOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  for (let node = walker.nextNode(), at = 0; node; at += node.data.length, node = walker.nextNode()) nodes.push({ node, from: at });
  return nodes;
}

/** The end of a match lies in the piece before, where both would do. */
function placeOf(nodes, index, isEnd) {
  const found = nodes.findLast(({ from }) => (isEnd ? from < index : from <= index)) ?? nodes[0];
  return { node: found.node, at: index - found.from };
}

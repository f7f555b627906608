// A large text, read-only: lines come from /files/view/window.
import { make } from '../../dom.js';
import { connectTools } from './tools.js';
import { createWindow } from './window.js';

const box = document.getElementById('window');
const { path, encoding } = box.dataset;

const rowOf = (line) => make('div', { class: line.part ? 'ln part' : 'ln', 'data-at': line.at }, line.text);

const rowsOf = ({ from, to, size, lines }) => ({ from, to, size, rows: lines.map(rowOf) });

const feed = {
  async load(at, toward) {
    const query = new URLSearchParams({ path, at, toward, encoding });
    const answer = await fetch(`/files/view/window?${query}`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return rowsOf(await answer.json());
  },
};

const window = createWindow(box, feed);
const tools = connectTools(window, {
  params: () => ({ path, encoding }),
  show({ mark }) {
    const loaded = rowsOf(mark.window);
    window.replace(loaded);
    const row = loaded.rows[mark.row];
    if (!row) return;
    const text = row.textContent;
    row.replaceChildren(text.slice(0, mark.from), make('mark', {}, text.slice(mark.from, mark.to) || ' '), text.slice(mark.to));
    window.reveal(row.querySelector('mark'));
  },
});

// Brought here by a search for a line: the row that was meant.
const at = Number(box.dataset.at);
if (at > 0) {
  const row = [...box.querySelectorAll('.ln')].findLast((each) => Number(each.dataset.at) <= at);
  row?.scrollIntoView({ block: 'start' });
}
void window.fillUp();
if (document.getElementById('find').elements.q.value) void tools.search(false);

// The busiest processes, by CPU or by memory: both lists come with every event, so switching asks nobody.
import { fmt } from './numbers.js';
import { state, words } from './state.js';

const body = document.getElementById('top-rows');
const template = document.getElementById('top-row');
const count = document.querySelector('[data-live=process-count]');
let top = state.top;
let sort = state.sort;

export function showProcesses(next) {
  top = next;
  draw();
}

function draw() {
  if (!top || !body) return;
  const rows = (sort === 'memory' ? top.byMemory : top.byCpu).slice(0, state.topRows);
  while (body.children.length < rows.length) body.append(template.content.firstElementChild.cloneNode(true));
  while (body.children.length > rows.length) body.lastElementChild.remove();
  rows.forEach((row, i) => fill(body.children[i], row));
  if (count) put(count, words.all.replace('{n}', fmt.number(top.total)));
}

// Names and command lines are whatever a program calls itself: text, never markup.
function fill(element, row) {
  const place = element.querySelector('[data-f=process]');
  if (place.title !== row.command) place.title = row.command;
  put(element.querySelector('[data-f=name]'), row.name);
  put(element.querySelector('[data-f=command]'), argumentsOf(row));
  put(element.querySelector('[data-f=pid]'), String(row.pid));
  put(element.querySelector('[data-f=user]'), row.user);
  micro(element.querySelector('[data-f=cpu]'), fmt.percent(row.cpu), row.cpu);
  micro(element.querySelector('[data-f=memory]'), fmt.memory(row.memory), state.memoryTotal ? (100 * row.memory) / state.memoryTotal : 0);
}

/** What follows the program in its command line: the same as argumentsOf in src/views/dashboard/top-processes.tsx. */
function argumentsOf({ name, command }) {
  const [first = '', ...rest] = command.split(' ');
  if (first.replace(/:$/, '').split('/').at(-1) === name) return rest.join(' ');
  return command === `[${name}]` ? '' : command;
}

function micro(cell, text, value) {
  put(cell.querySelector('span'), text);
  cell.querySelector('meter').value = value;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

for (const link of document.querySelectorAll('[data-top-sort]')) {
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    sort = link.dataset.topSort;
    for (const other of document.querySelectorAll('[data-top-sort]')) {
      const head = other.closest('th');
      if (other === link) head.setAttribute('aria-sort', 'descending');
      else head.removeAttribute('aria-sort');
    }
    const url = new URL(location.href);
    url.searchParams.set('sort', sort);
    history.replaceState(history.state, '', url);
    draw();
  });
}

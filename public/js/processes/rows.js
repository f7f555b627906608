// One line of the list: a copy of the empty one that the server drew (Row in src/views/processes/page.tsx), filled the same way.
import { createFormat } from '../dashboard/format.js';
import { icon, make } from '../dom.js';
import { fill } from '../text.js';
import { relative } from '../time.js';
import { containerOf, portsOf } from './store.js';

const { words, memory } = JSON.parse(document.getElementById('process-words').textContent);
const template = document.getElementById('process-row');
const fmt = createFormat(document.documentElement.lang);
const cells = new WeakMap();

export function createRow(row) {
  const element = template.content.firstElementChild.cloneNode(true);
  element.dataset.pid = row.pid;
  element.dataset.href = `/processes/${row.pid}/${row.startedAt}`;
  const cell = (name) => element.querySelector(`.c-${name}`);
  cells.set(element, {
    link: cell('name').querySelector('a'), name: cell('name').querySelector('b'), args: cell('name').querySelector('.args'), small: cell('name').querySelector('small'),
    pid: cell('pid'), user: cell('user'), cpu: micro(cell('cpu')), memory: micro(cell('memory')), read: cell('read'), written: cell('written'), received: cell('received'), sent: cell('sent'), state: cell('state'),
    threads: cell('threads'), nice: cell('nice'), belongs: cell('belongs'), ports: cell('ports'), started: cell('started'), end: element.querySelector('.c-acts a'), fold: null,
  });
  const { link, end, started } = cells.get(element);
  link.href = element.dataset.href;
  if (end) {
    end.href = `${element.dataset.href}/signal?signal=TERM`;
    for (const name of [...end.getAttributeNames()].filter((each) => each.startsWith('hx-'))) end.removeAttribute(name);
  }
  if (row.startedAt > 0) {
    const date = new Date(row.startedAt);
    started.replaceChildren(make('time', { datetime: date.toISOString(), title: date.toLocaleString(document.documentElement.lang), 'data-relative': true }, relative(date)));
  }
  return element;
}

const micro = (cell) => ({ text: cell.querySelector('span'), meter: cell.querySelector('meter') });

/** Names and command lines are whatever a program calls itself: text, never markup. */
export function fillRow(element, row, { depth, parent, folded }) {
  const at = cells.get(element);
  element.toggleAttribute('data-kernel', row.command === `[${row.name}]`);
  put(at.name, row.name);
  put(at.args, argumentsOf(row));
  title(at.link, row.command);
  put(at.small, `${row.pid} · ${row.user}`);
  put(at.pid, String(row.pid));
  put(at.user, row.user);
  put(at.cpu.text, fmt.percent(row.cpu));
  at.cpu.meter.value = Math.min(100, row.cpu);
  put(at.memory.text, fmt.memory(row.memory));
  at.memory.meter.value = memory ? Math.min(100, (100 * row.memory) / memory) : 0;
  put(at.read, row.read ? fmt.rate(row.read) : '');
  put(at.written, row.written ? fmt.rate(row.written) : '');
  put(at.received, row.received ? fmt.rate(row.received) : '');
  put(at.sent, row.sent ? fmt.rate(row.sent) : '');
  put(at.state, words.states[row.state] ?? row.state);
  put(at.threads, row.threads ? String(row.threads) : '');
  put(at.nice, row.nice === null ? '' : String(row.nice));
  const container = containerOf(row);
  put(at.belongs, container ?? row.service?.replace(/\.service$/, '') ?? '');
  title(at.belongs, row.service ?? container ?? '');
  const ports = portsOf(row);
  put(at.ports.firstElementChild, portsText(ports));
  title(at.ports, ports.join('\n'));
  if (at.end) {
    const text = fill(words.end, { name: row.name });
    title(at.end, text);
    at.end.setAttribute('aria-label', text);
  }
  branch(element, at, row, depth, parent, folded);
}

/** Where it hangs in the tree, and whether what it started is shown. */
function branch(element, at, row, depth, parent, folded) {
  element.style.setProperty('--depth', depth);
  if (!parent) {
    at.fold?.remove();
    at.fold = null;
    return;
  }
  if (!at.fold) {
    at.fold = make('button', { type: 'button', class: 'fold' }, icon('chevron'));
    at.link.before(at.fold);
  }
  at.fold.setAttribute('aria-expanded', String(!folded));
  at.fold.setAttribute('aria-label', fill(folded ? words.unfold : words.fold, { name: row.name }));
}

function portsText(ports) {
  const numbers = [...new Set(ports.map((port) => port.replace(/^.*:/, '')))];
  return numbers.length > 3 ? `${numbers.slice(0, 3).join(' ')} ${fill(words.more, { n: fmt.number(numbers.length - 3) })}` : numbers.join(' ');
}

/** What follows the program in its command line: the same as argumentsOf in src/views/dashboard/top-processes.tsx. */
function argumentsOf({ name, command }) {
  const [first = '', ...rest] = command.split(' ');
  if (first.replace(/:$/, '').split('/').at(-1) === name) return rest.join(' ');
  return command === `[${name}]` ? '' : command;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function title(element, text) {
  if (element.title !== text) element.title = text;
}

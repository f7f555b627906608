// What runs, as the stream tells it: all processes first, then what moves (src/core/processes/wire.ts).
const { columns, moving } = JSON.parse(document.getElementById('process-words').textContent);

/** pid → process. */
export const processes = new Map();
let belongings = { ports: {}, containers: {} };

export const portsOf = ({ pid }) => belongings.ports[pid] ?? [];
export const containerOf = ({ container }) => container && (belongings.containers[container] ?? container.slice(0, 12));

export function patch({ fresh, moved, gone }) {
  for (const values of fresh) {
    const row = Object.fromEntries(columns.map((name, i) => [name, values[i]]));
    row.words = [row.name, row.command, row.user, row.service ?? ''].join('\n').toLowerCase();
    processes.set(row.pid, row);
  }
  for (const [pid, ...values] of moved) {
    const row = processes.get(pid);
    if (row) moving.forEach((name, i) => (row[name] = values[i]));
  }
  for (const pid of gone) processes.delete(pid);
}

export function setBelongings(next) {
  belongings = next;
}

/** @param q in small letters: part of a name, command, user or service, a pid, or a port as ":80" */
export function matches(row, q) {
  if (!q || row.words.includes(q) || String(row.pid) === q) return true;
  if (containerOf(row)?.toLowerCase().includes(q)) return true;
  const port = q.replace(/^:/, '');
  return /^\d+$/.test(port) && portsOf(row).some((text) => text.replace(/\/udp$/, '').endsWith(`:${port}`));
}

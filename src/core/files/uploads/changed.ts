import type { App } from '../../app.ts';

/** Pages that show a folder into which thousands of files come are told twice a second, not thousands of times. */
const EVERY_MS = 500;

const waiting = new WeakMap<object, Set<string>>();

/** Says that something came into a folder: soon, and once for all of it. */
export function sayChanged(app: Pick<App, 'bus'>, folder: string) {
  const known = waiting.get(app.bus);
  if (known) return void known.add(folder);
  const folders = new Set([folder]);
  waiting.set(app.bus, folders);
  const timer = setTimeout(() => {
    waiting.delete(app.bus);
    for (const one of folders) app.bus.emit('files.changed', { folder: one });
  }, EVERY_MS);
  timer.unref();
}

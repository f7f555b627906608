/**
 * A panel that arms a change on this machine and goes on, until somebody kills it: `bun test/support/arming.ts MARK SECONDS`.
 * The change is that MARK says "changed"; what takes it back makes it say "before". Says where it keeps it, on a line of JSON.
 */
import { writeFileSync } from 'node:fs';
import { SYSTEM } from '../../src/core/app.ts';
import { applyArmed } from '../../src/core/armed/armed.ts';
import { createFakeHost } from '../../src/platform/fake/host.ts';
import { testApp } from './app.ts';

const [mark, seconds] = process.argv.slice(2) as [string, string];
const panel = testApp({ app: { host: { ...createFakeHost(), kind: 'linux' } } });
const { id } = await applyArmed(
  panel.app, SYSTEM, { noun: 'ssh', target: 'port 2222', seconds: Number(seconds), revert: [{ file: mark, content: 'before' }, { run: ['/usr/bin/tee', '-a', mark], stdin: ' and told' }] },
  async () => writeFileSync(mark, 'changed'),
);
console.log(JSON.stringify({ id, dataDir: panel.app.config.dataDir }));
setInterval(() => {}, 1000);

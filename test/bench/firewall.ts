import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinuxFirewall } from '../../src/platform/linux/firewall/firewall.ts';
import { testApp } from '../support/app.ts';

import { median, type Note } from './figures.ts';

const RULES = 2000;

/**
 * The firewall's page with 2,000 rules of ufw, from the files that it keeps them in to the last tag, in this process. Nobody
 * runs ufw for it; iptables is asked one short question, which is answered here.
 */
export async function benchFirewall(note: Note, { quick }: { quick: boolean }) {
  const root = mkdtempSync(join(tmpdir(), 'mantou-bench-firewall-'));
  for (const folder of ['etc/ufw', 'etc/default']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/ufw/user.rules'), tuples('0.0.0.0/0'));
  writeFileSync(join(root, 'etc/ufw/user6.rules'), tuples('::/0'));
  writeFileSync(join(root, 'etc/ufw/ufw.conf'), 'ENABLED=yes\nLOGLEVEL=low\n');
  writeFileSync(join(root, 'etc/default/ufw'), 'DEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\nDEFAULT_FORWARD_POLICY="DROP"\n');
  const panel = testApp({
    firewall: createLinuxFirewall({
      which: (tool) => (['ufw', 'iptables'].includes(tool) ? `/usr/sbin/${tool}` : undefined),
      run: async () => ({ code: 0, stdout: '-P INPUT DROP\n-A INPUT -j ufw-before-input\n', stderr: '', truncated: false }),
    }, { root, isRoot: () => true }),
  });
  const admin = panel.as('admin', 'lin');
  for (const [name, path] of [['as a page', '/firewall'], ['one found among them', '/firewall?q=2999'], ['sorted by note', '/firewall?sort=comment']] as const) {
    const times: number[] = [];
    for (let i = 0; i < (quick ? 10 : 50); i++) {
      const begun = performance.now();
      const answer = await admin.request(path);
      const html = await answer.text();
      times.push(performance.now() - begun);
      if (answer.status !== 200 || !html.includes('firewall-rules')) throw new Error(`${path}: ${answer.status}`);
    }
    note(`${RULES} firewall rules, ${name}`, `${median(times).toFixed(1)} ms`, 'goal ≤ 200 ms');
  }
  await panel.close();
  rmSync(root, { recursive: true, force: true });
}

const tuples = (any: string) =>
  Array.from({ length: RULES }, (_, i) => `### tuple ### ${i % 9 ? 'allow' : 'deny'} tcp ${1000 + i} ${any} any ${any} in comment=${Buffer.from(`rule ${i}`).toString('hex')}\n-A ufw-user-input -p tcp --dport ${1000 + i} -j ACCEPT\n`).join('\n');

import { addressText } from '../../lib/address.ts';
import { SYSTEM, type App } from '../app.ts';
import { banOffenders } from '../guard/ban.ts';
import { offenderOf } from '../guard/counter.ts';
import { changeGuard } from '../guard/guard.ts';
import { blockListsOf } from './blocks.ts';
import { blockAddress } from './change.ts';
import { importList } from './import.ts';

const DAY = 86_400_000;

/** For the demonstration: somebody is blocked, a list was brought in, and the guard has been at work. Once; what visitors change stays. */
export async function seedBlocks(app: App) {
  if (blockListsOf(app, SYSTEM).length) return;
  const now = app.clock.now();
  await blockAddress(app, SYSTEM, { address: '198.18.40.0/22', until: null, comment: 'scans all ports since March' });
  await blockAddress(app, SYSTEM, { address: '198.18.7.19', until: now + 3 * DAY, comment: 'ticket 4711' });
  // Benchmarking addresses (RFC 2544), of which nobody is anybody.
  const text = Array.from({ length: 1200 }, (_, i) => `${addressText(4, 0xc6130000n + BigInt(i * 37))}${i % 50 ? '' : ' # botnet'}`).join('\n');
  await importList(app, SYSTEM, { name: 'Scanners', text, until: now + 30 * DAY, replace: true });
  changeGuard(app, SYSTEM, { guardOn: true, neverBlocked: ['203.0.113.0/24'] });
  for (const address of ['198.18.66.6', '2001:db8:bad:9::5', '198.18.66.7']) {
    const seen = Array.from({ length: 6 }, (_, i) => ({ at: now - (6 - i) * 9000, text: `Failed password for ${['root', 'admin', 'git'][i % 3]} from ${address} port ${41_000 + i * 7} ssh2` }));
    await banOffenders(app, [{ offender: { ...offenderOf(address)!, seen }, source: 'sshd' }], []);
  }
}

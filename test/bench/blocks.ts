/**
 * `bun test/bench/blocks.ts`: addresses that are not let in, through the panel on a host of its own with a real kernel, beside
 * `nft -f` and beside a rule for each address. Prints figures, and judges nothing.
 */
import { addressText } from '../../src/lib/address.ts';
import { segmentsOf } from '../../src/core/blocks/segments.ts';
import { installPanel } from '../support/installed-panel.ts';
import { startSystemdHost } from '../support/systemd-host.ts';
import { alone, type Bench, median } from './figures.ts';

const ms = (value: number) => `${value.toFixed(0)} ms`;
const list = (n: number) => Array.from({ length: n }, (_, i) => addressText(4, 0x0b000000n + BigInt(i * 7)));

export const benchBlocks: Bench = async (note, { quick }) => {
  const many = list(100_000);
  const times = Array.from({ length: quick ? 3 : 9 }, () => {
    const from = performance.now();
    segmentsOf(many.map((_, i) => ({ family: 4 as const, first: 0x0b000000n + BigInt(i * 7), last: 0x0b000000n + BigInt(i * 7), until: i % 3 ? i : null })));
    return performance.now() - from;
  });
  note('what 100,000 blocks come to, without overlaps', ms(median(times)));
  const host = await startSystemdHost('nftables');
  try {
    const panel = await installPanel(host);
    const time = async (work: () => Promise<unknown>) => {
      const from = performance.now();
      await work();
      return performance.now() - from;
    };
    const bring = (name: string, n: number) => time(() => panel.api('POST', '/firewall/blocks/import', { name, text: list(n).join('\n'), replace: true }));
    const tens = [];
    for (let i = 0; i < (quick ? 3 : 7); i++) tens.push(await bring('Ten thousand', 10_000));
    note('import of 10,000 addresses, API to kernel', ms(median(tens)), 'goal ≤ 3 s');
    const one = [];
    for (let i = 0; i < 5; i++) one.push(await time(() => panel.api('POST', '/firewall/blocks', { address: `198.18.0.${i}` })));
    note('one more beside them', ms(median(one)));
    await panel.sh(`{ echo 'table inet bench { set v4 { type ipv4_addr; flags interval; elements = {'; seq 0 9999 | awk '{ n = 184549376 + $1 * 7; printf "%d.%d.%d.%d,\\n", int(n/16777216), int(n/65536)%256, int(n/256)%256, n%256 }'; echo '}'; echo '}'; echo '}'; } > /tmp/set.nft`);
    note('  nft -f by itself, a set of 10,000', ms(await time(() => panel.sh('nft -f /tmp/set.nft'))), 'and docker exec');
    await panel.sh(`{ echo 'table inet rules { chain pre { type filter hook prerouting priority -310'; seq 0 9999 | awk '{ n = 184549376 + $1 * 7; printf "ip saddr %d.%d.%d.%d drop\\n", int(n/16777216), int(n/65536)%256, int(n/256)%256, n%256 }'; echo '}'; echo '}'; } > /tmp/rules.nft`);
    note('  nft -f by itself, 10,000 rules', ms(await time(() => panel.sh('nft -f /tmp/rules.nft'))), 'each packet meets them one by one');
    await panel.sh('nft delete table inet bench; nft delete table inet rules');
    note('import of 100,000 addresses, API to kernel', ms(await bring('Hundred thousand', 100_000)));
    note('one found among them, API', ms(await time(() => panel.api('GET', '/firewall/blocks?q=11.1.0.1'))));
    note('first page of them, API', ms(await time(() => panel.api('GET', '/firewall/blocks?sort=address&limit=100'))));
  } finally {
    await host.stop();
  }
};

if (import.meta.main) await alone(benchBlocks);

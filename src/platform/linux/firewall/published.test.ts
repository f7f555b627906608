import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '../../exec.ts';
import type { PublishedRule } from '../../firewall.ts';
import { runPlan } from './plan.ts';
import { surroundings } from './provider.ts';
import { backendOf, createPublished } from './published.ts';
import { publishedNftLines } from './published-nftables.ts';

let root = '';
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'mantou-published-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const rule = (more: Partial<PublishedRule> = {}): PublishedRule => ({ action: 'deny', protocol: 'tcp', ports: [{ from: 8088, to: 8088 }], source: null, interface: null, family: 'both', ...more });
const FILE = 'etc/mantou/published.nft';

interface Kernel {
  /** Does Docker have its chain, its tables? */
  chain?: boolean;
  tables?: boolean;
  missing?: string[];
  /** The kernel has no nf_tables. */
  older?: boolean;
}

/** A kernel with as much of both as Docker and the panel use; real ones are in test/real/. */
function machine({ chain = false, tables = false, missing = [], older = false }: Kernel = {}) {
  const kernel = { asked: false, ours: null as string[] | null, table: null as string | null };
  const good = (stdout = '') => ({ code: 0, stdout, stderr: '', truncated: false });
  const bad = { ...good(), code: 1 };
  const exec: Exec = {
    which: (tool) => (tool === 'systemctl' || missing.includes(tool) ? undefined : `/usr/sbin/${tool}`),
    async run([tool, ...words], options) {
      const said = words.join(' ');
      switch (tool.slice('/usr/sbin/'.length)) {
        case 'iptables':
          if (!chain) return bad;
          if (said === '-S DOCKER-USER') return good(`-N DOCKER-USER\n${kernel.asked ? '-A DOCKER-USER -j MANTOU-DOCKER\n' : ''}`);
          if (said === '-S MANTOU-DOCKER') return kernel.ours ? good(['-N MANTOU-DOCKER', ...kernel.ours, ''].join('\n')) : bad;
          kernel.asked = words[0] === '-I';
          return good();
        case 'ip6tables': return bad;
        case 'iptables-restore':
          kernel.ours = String(options?.stdin).split('\n').filter((line) => line.startsWith('-A '));
          return good();
        case 'nft': {
          if (older) return { ...bad, stderr: 'Unable to initialize Netlink socket: Protocol not supported' };
          if (said === 'list tables') return good([...(tables ? ['table ip docker-bridges', 'table ip6 docker-bridges'] : []), ...(kernel.table ? ['table inet mantou_published'] : []), ''].join('\n'));
          if (said === 'list table inet mantou_published') return kernel.table ? good(kernel.table) : bad;
          const text = words[1] === '-' ? String(options?.stdin) : readFileSync(join(root, words[1]!), 'utf8');
          kernel.table = /^delete table .*\n([\s\S]*)/m.exec(text)![1]! || null;
          return good();
        }
        default: return bad;
      }
    },
  };
  const driver = createPublished(surroundings(exec, root), () => true);
  return { exec, kernel, driver, put: async (rules: PublishedRule[], said: Parameters<typeof driver.read>[0] = null) => {
    const plan = driver.plan(rules, await driver.read(said));
    await runPlan(exec, plan);
    return plan;
  } };
}

describe('which of the two', () => {
  const found = {
    chain: { chain: true, tables: false, ours: false }, tables: { chain: false, tables: true, ours: false }, both: { chain: true, tables: true, ours: true },
    nothing: { chain: false, tables: false, ours: false }, ours: { chain: false, tables: false, ours: true },
    chainAndOurs: { chain: true, tables: false, ours: true },
  };
  test.each([
    ['iptables', 'chain', 'iptables'], ['iptables', 'both', 'iptables'], ['iptables', 'tables', 'none'], ['iptables', 'nothing', 'none'],
    ['nftables', 'tables', 'nftables'], ['nftables', 'both', 'nftables'], ['nftables', 'chain', 'none'], ['nftables', 'nothing', 'none'],
    [null, 'chain', 'iptables'], [null, 'tables', 'nftables'], [null, 'nothing', 'none'],
    // Nobody says which of them is left over.
    [null, 'both', 'unclear'], ['other', 'both', 'unclear'], ['other', 'tables', 'unclear'],
    [null, 'chainAndOurs', 'unclear'], ['iptables', 'chainAndOurs', 'iptables'], ['nftables', 'chainAndOurs', 'nftables'],
    // After a boot ours stands before the engine is up.
    [null, 'ours', 'nftables'], ['nftables', 'ours', 'nftables'], ['iptables', 'ours', 'none'],
  ] as const)('the engine says %p, and there is %s: %s', (said, there, wanted) => expect(backendOf(said, found[there])).toBe(wanted));

  test('a tool that is missing is named', async () => {
    const hindrance = async (kernel: Kernel, said: 'iptables' | 'nftables' | null) => (await machine(kernel).driver.read(said)).hindrance;
    expect(await hindrance({ missing: ['iptables', 'nft'] }, null)).toBe('tools');
    expect(await hindrance({ missing: ['iptables'] }, 'iptables')).toBe('tools');
    expect(await hindrance({ missing: ['nft'], chain: true }, 'nftables')).toBe('nft');
    expect(await hindrance({ missing: ['iptables'], tables: true }, 'nftables')).toBeNull();
    expect(await hindrance({ missing: ['nft'], chain: true }, null)).toBeNull();
    expect((await createPublished(surroundings(machine({ chain: true }).exec, root), () => false).read(null)).hindrance).toBe('root');
  });
});

test('a kernel without nf_tables has no tables, and the chain is used; an engine that says nftables is believed', async () => {
  const { driver, kernel, put } = machine({ chain: true, older: true });
  for (const said of [null, 'iptables'] as const) expect(await driver.read(said)).toMatchObject({ hindrance: null, backend: 'iptables', table: null });
  await put([rule()]);
  expect([kernel.ours?.length, kernel.asked]).toEqual([1, true]);
  await expect(driver.read('nftables')).rejects.toMatchObject({ code: 'unavailable' });
});

test('the engine says nothing, and rules of ours stand beside its chain: they stay', async () => {
  const there = machine({ tables: true });
  await there.put([rule()], 'nftables');
  const beside = machine({ chain: true });
  beside.kernel.table = there.kernel.table;
  expect(await beside.driver.read(null)).toMatchObject({ hindrance: 'unclear', backend: null, table: there.kernel.table });
});

test('rules as nft writes them; test/real/firewall-published-nftables.test.ts reads them back', () => {
  expect(publishedNftLines(rule())).toEqual(['meta l4proto tcp ct direction original ct status dnat ct original proto-dst 8088 drop']);
  expect(publishedNftLines(rule({ action: 'allow', protocol: 'any', ports: [{ from: 80, to: 80 }, { from: 1000, to: 2000 }], source: '10.0.0.0/8', interface: 'eth0' }))).toEqual(
    ['tcp', 'udp'].flatMap((protocol) => ['80', '1000-2000'].map((port) => `iifname "eth0" ip saddr 10.0.0.0/8 meta l4proto ${protocol} ct direction original ct status dnat ct original proto-dst ${port} accept`)),
  );
  expect(publishedNftLines(rule({ protocol: 'any', ports: [], family: 'v6' }))).toEqual(['meta nfproto ipv6 ct direction original ct status dnat drop']);
  // As iptables writes all whose names begin so.
  expect(publishedNftLines(rule({ interface: 'eth+' }))[0]).toStartWith('iifname "eth*" meta l4proto tcp');
  // The address tells which of the two it is.
  expect(publishedNftLines(rule({ source: '2001:db8::1', family: 'v6', ports: [], protocol: 'udp' }))).toEqual(['ip6 saddr 2001:db8::1 meta l4proto udp ct direction original ct status dnat drop']);
});

test('a table of its own before Docker’s, in the order that was asked for, from a file that each boot loads', async () => {
  const { driver, kernel, put } = machine({ tables: true });
  const [first, second] = [rule({ action: 'allow', source: '10.0.0.1' }), rule()];
  const { commands } = await put([first, second], 'nftables');
  expect(commands).toEqual([expect.stringMatching(/^# \/etc\/mantou\/published\.nft\n\+table inet mantou_published \{\n[^]*\n\+\t\tip saddr 10\.0\.0\.1 [^]* accept\n\+\t\tmeta l4proto tcp [^]* drop\n/), 'nft -f /etc/mantou/published.nft']);
  expect(kernel.table).toContain('type filter hook forward priority filter - 1; policy accept;');
  expect(readFileSync(join(root, FILE), 'utf8')).toContain(kernel.table!);
  const state = await driver.read('nftables');
  expect([state.hindrance, state.backend, driver.has(first, state), driver.has(second, state), driver.has(rule({ ports: [] }), state)]).toEqual([null, 'nftables', true, true, false]);
  // A table that sleeps, or whose chain is asked by nobody, has no rule.
  for (const [from, to] of [['\tchain', '\tflags dormant\n\tchain'], [' hook forward', ' hook output']] as const) expect(driver.has(second, { ...state, table: state.table!.replace(from, to) })).toBe(false);

  const gone = await put([], 'nftables');
  expect([kernel.table, existsSync(join(root, FILE)), gone.commands[0]]).toEqual([null, false, 'rm -f /etc/mantou/published.nft']);
  for (const step of gone.revert) await runPlan(machine().exec, { commands: [], revert: [], steps: 'file' in step ? [{ does: step, undo: [] }] : [] });
  expect(existsSync(join(root, FILE))).toBe(true);
});

test('the engine changes to the other one: rules go with it, and nothing of them stays behind', async () => {
  const there = machine({ chain: true, tables: true });
  await there.put([rule()], 'iptables');
  expect([there.kernel.ours?.length, there.kernel.asked, there.kernel.table]).toEqual([1, true, null]);

  const state = await there.driver.read('nftables');
  expect(there.driver.has(rule(), state)).toBe(false);
  const { commands } = await there.put([rule()], 'nftables');
  expect([there.kernel.ours, there.kernel.asked, there.kernel.table]).toEqual([[], false, expect.stringContaining('proto-dst 8088 drop')]);
  // In force by the one before they go from the other.
  expect(commands.map((one) => one.split(' ')[0]!.split('\n')[0])).toEqual(['#', 'nft', 'iptables', 'iptables-restore']);

  await there.put([rule()], 'iptables');
  expect([there.kernel.ours?.length, there.kernel.asked, there.kernel.table, existsSync(join(root, FILE))]).toEqual([1, true, null, false]);
});

test('without Docker’s tables what is ours can still be changed, and be gone', async () => {
  const there = machine();
  expect((await there.driver.read('nftables')).hindrance).toBe('none');
  there.kernel.table = 'table inet mantou_published {\n\tchain forward {\n\t\ttype filter hook forward priority filter - 1; policy accept;\n\t\tct direction original ct status dnat drop\n\t}\n}\n';
  expect((await there.driver.read(null)).backend).toBe('nftables');
  await there.put([], null);
  expect([there.kernel.table, (await there.driver.read(null)).hindrance]).toEqual([null, 'none']);
});

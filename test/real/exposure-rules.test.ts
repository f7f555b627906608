import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuleTexts } from '../../src/platform/exposure.ts';
import type { Packet } from '../../src/core/exposure/filter/model.ts';
import { readRuleset } from '../../src/core/exposure/filter/ruleset.ts';
import { SENDERS as ANYBODY } from '../../src/core/exposure/filter/verdict.ts';
import { allowedAt, walk } from '../../src/core/exposure/filter/walk.ts';
import { addressValue, holds, union } from '../../src/lib/address-ranges.ts';
import { needs } from '../support/needs.ts';
import { CABLE, SENDERS, startOutside, THERE, type Outside, type Probe } from '../support/outside.ts';
import { PORTS, rulesOf } from '../support/random-rules.ts';
import { startSystemdHost, type SystemdHost } from '../support/systemd-host.ts';

/** What the panel reads out of random rules, held against what real packets from five places say. ROUNDS=100 SEED=1000 looks longer, and at others. */
const it = needs('root', 'docker', 'debootstrap', 'unshare');
const ROUNDS = Number(process.env.ROUNDS ?? 8);
const FIRST = Number(process.env.SEED ?? 1);
let host: SystemdHost;
let outside: Outside;
let folder: string;

if (it.ok) {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mantou-rules-'));
    host = await startSystemdHost('ufw');
    // Their ports are asked for, too.
    await host.run('systemctl', 'stop', 'ssh', 'nginx');
    outside = await startOutside(host);
    await outside.listen(PORTS);
  });
  afterAll(async () => {
    await outside?.stop();
    await host?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

const PROBES: Probe[] = ([4, 6] as const).flatMap((family) => SENDERS[family].flatMap((from) => (['tcp', 'udp'] as const).flatMap((protocol) => PORTS.map((port): Probe => ({ family, protocol, port, from })))));

async function rulesThere(): Promise<RuleTexts> {
  const out = async (...argv: string[]) => (await host.run(...argv)).out;
  return {
    iptables: [{ family: 4, text: await out('iptables-save') }, { family: 6, text: await out('ip6tables-save') }],
    nft: { json: await out('nft', '-j', 'list', 'ruleset'), listing: await out('nft', '-a', 'list', 'ruleset') },
  };
}

/** 'in', 'out', or null: nobody claims to know. */
function claims(texts: RuleTexts): ('in' | 'out' | null)[] {
  const rules = readRuleset(texts);
  return PROBES.map(({ family, protocol, port, from }) => {
    const to = [addressValue(THERE[family])!.value];
    const packet: Packet = { family, protocol, port, asked: port, to, askedTo: to, iface: CABLE, out: null, translated: false, local: true };
    const reach = walk(rules, packet, ANYBODY[family], { isLocal: (address) => address === THERE[family], outOf: () => null });
    const { value } = addressValue(from)!;
    // There is a listener on every port that anybody is sent to.
    const may = holds(allowedAt(reach, () => true), value);
    if (may && reach.doubts.length > 0 && holds(union(...reach.barred), value)) return null;
    return may ? 'in' : 'out';
  });
}

async function compare(seed: number, load: string) {
  const texts = await rulesThere();
  const said = claims(texts);
  const real = await outside.ask(PROBES);
  const wrong = PROBES.flatMap((probe, i) => (said[i] !== null && said[i] !== (real[i] ? 'in' : 'out') ? [`${JSON.stringify(probe)}: says ${said[i]}, is ${real[i] ? 'in' : 'out'}`] : []));
  if (wrong.length) writeFileSync(join(tmpdir(), `mantou-rules-${seed}.json`), JSON.stringify({ load, texts }, null, 2));
  expect(wrong, `seed ${seed}\n${load}`).toEqual([]);
  return { sure: said.filter((one) => one !== null).length, open: real.filter(Boolean).length };
}

async function load(file: string, text: string, ...argv: string[]) {
  writeFileSync(join(folder, file), text);
  await host.put(join(folder, file), `/root/${file}`);
  const { code, err } = await host.run(...argv, `/root/${file}`);
  expect({ code, err }, text).toMatchObject({ code: 0 });
}

it('random rules of nftables', async () => {
  const counts = { sure: 0, open: 0 };
  for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
    const text = rulesOf(seed).nft();
    await load('rules.nft', text, 'nft', '-f');
    const { sure, open } = await compare(seed, text);
    counts.sure += sure;
    counts.open += open;
  }
  await host.run('nft', 'flush', 'ruleset');
  // A test of nothing but closed ports, or of nothing but doubts, would be none.
  expect(counts.sure).toBeGreaterThan(0.9 * ROUNDS * PROBES.length);
  expect(counts.open).toBeGreaterThan(0.15 * ROUNDS * PROBES.length);
});

it('random rules of iptables', async () => {
  const counts = { sure: 0, open: 0 };
  for (let seed = FIRST; seed < FIRST + ROUNDS; seed++) {
    const rules = rulesOf(seed);
    const [four, six] = [rules.iptables(4), rules.iptables(6)];
    await load('rules4', four, 'iptables-restore');
    await load('rules6', six, 'ip6tables-restore');
    const { sure, open } = await compare(seed, `${four}\n${six}`);
    counts.sure += sure;
    counts.open += open;
    await host.run('nft', 'flush', 'ruleset');
  }
  expect(counts.sure).toBeGreaterThan(0.9 * ROUNDS * PROBES.length);
  expect(counts.open).toBeGreaterThan(0.15 * ROUNDS * PROBES.length);
});

import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { BlockedRange, BlocksChange, BlocksDriver, BlocksRefusal, Lifeline } from '../../blocks.ts';
import type { RegistryDriver } from '../../registry.ts';
import { FirewallFacts, PROFILE_NAMES, readRuled, storedRules } from '../firewall/policy.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { BLOCK_GROUP, blockCommands, blockText, changedRules, isBlockRule, keepsOut, layOut, type Layout } from './rules.ts';

/** `blocks.ps1 lifelines`: {"own":["203.0.113.10","fe80::1"],"gateways":["203.0.113.1"],"resolvers":["192.0.2.53"]} */
export const Lifelines = z.object({ own: z.array(z.string()), gateways: z.array(z.string()), resolvers: z.array(z.string()) });

const Nothing = z.object({});
/** Removed by one call: each takes a moment. */
const TOGETHER = 20;
/** A service writes them to the registry; it is given a moment. */
const STANDS_TRIES = 4;
const STANDS_MS = 250;
/** What only PowerShell tells is asked so seldom. */
const AGAIN_MS = 60_000;

/**
 * Rules of Windows Defender Firewall in a group of their own: there a rule that blocks comes before every rule that allows. It knows
 * no time at which a rule ends, so the panel takes away what has ended. What stands is read from the registry, without PowerShell.
 */
export function createWindowsBlocks(registry: RegistryDriver, shell: PowerShell, newLoad = () => crypto.randomUUID().slice(0, 8)): BlocksDriver {
  /** What this process has made; null: nothing yet. */
  let made: { load: string; layout: Layout } | null = null;
  /** Texts of rules that were found to be right, so that they are taken apart once. */
  const right = new Map<string, string>();
  let profiles: { at: number; off: boolean } | null = null;
  let rights: { at: number; elevated: boolean | null } | null = null;

  const call = (verb: 'add' | 'set' | 'remove', given: object) => shell.call('blocks.ps1', verb, given, Nothing);
  const add = (name: string, ranges: readonly BlockedRange[], layout: Layout) =>
    call('add', { name, displayName: `${BLOCK_GROUP} ${[...layout.keys()].indexOf(name) + 1 || layout.size + 1}`, group: BLOCK_GROUP, addresses: ranges.map(blockText) });
  const ours = async () => (await storedRules(registry, 'local')).filter(({ name }) => isBlockRule(name));
  async function remove(names: readonly string[]) {
    for (let at = 0; at < names.length; at += TOGETHER) await call('remove', { names: names.slice(at, at + TOGETHER) });
  }

  /** They are all there, say what they were told, and there is no other. */
  async function stands(): Promise<boolean> {
    const found = await ours();
    if (!made || made.layout.size === 0) return found.length > 0;
    const { layout } = made;
    return found.length === layout.size && found.every(({ name, text }) => {
      const ranges = layout.get(name);
      if (!ranges) return false;
      if (right.get(name) !== text) {
        if (!keepsOut(text, ranges)) return false;
        right.set(name, text);
      }
      return true;
    });
  }

  /** One after the other; what was done is taken back when one cannot be. */
  async function inOrder(steps: readonly { does: () => Promise<unknown>; undo: () => Promise<unknown> }[]) {
    const done: (typeof steps)[number][] = [];
    try {
      for (const step of steps) {
        // One that breaks in its middle is taken back as well.
        done.push(step);
        await step.does();
      }
    } catch (error) {
      for (const step of done.toReversed()) await step.undo().catch(() => {});
      throw error;
    }
  }

  /** Is the firewall off where this machine is connected? Where nobody tells, it is not said to be. */
  async function isOff(): Promise<boolean> {
    const now = performance.now();
    if (profiles && now - profiles.at < AGAIN_MS) return profiles.off;
    const here = await shell.call('firewall.ps1', 'state', {}, FirewallFacts).then((found) => found.profiles.filter(({ current }) => current), () => []);
    profiles = { at: now, off: here.length > 0 && here.every(({ enabled }) => !enabled) };
    return profiles.off;
  }

  /** May it change rules? null: there is no PowerShell that works, which is asked again after a while. */
  async function isElevated(): Promise<boolean | null> {
    const now = performance.now();
    if (!rights || (rights.elevated === null && now - rights.at >= AGAIN_MS)) rights = { at: now, elevated: await shell.greeting().then(({ elevated }) => elevated, () => null) };
    return rights.elevated;
  }

  async function refusal(): Promise<BlocksRefusal | null> {
    if (registry.refusal() || shell.missing()) return 'unsupported';
    const { off, alone } = await readRuled(registry);
    const all = Object.keys(PROFILE_NAMES).length;
    if (alone.length === all) return 'byPolicy';
    if (off.length === all) return 'off';
    if (off.length > 0 && (await isOff())) return 'off';
    const elevated = await isElevated();
    return elevated === null ? 'unsupported' : elevated ? null : 'notRoot';
  }

  async function load(ranges: readonly BlockedRange[], now: number) {
    const before = (await ours()).map(({ name }) => name);
    const load = newLoad();
    const layout = layOut(ranges.filter(({ until }) => until === null || until > now), load);
    right.clear();
    // The new ones stand before the old ones go: nobody is let in between.
    await inOrder([...layout].map(([name, some]) => ({ does: () => add(name, some, layout), undo: () => call('remove', { names: [name] }) })));
    made = { load, layout };
    await remove(before);
    if (layout.size > 0) await mustStand();
  }

  /** What Windows wrote is read again: rules that keep out something else are told, and not made anew for ever. */
  async function mustStand() {
    for (let tries = 0; tries < STANDS_TRIES; tries++) {
      if (await stands()) return;
      await Bun.sleep(STANDS_MS);
    }
    throw new AppError('unavailable', (t) => t.blocks.fault, { detail: `NetSecurity: ${BLOCK_GROUP}` });
  }

  async function change(wanted: BlocksChange) {
    const changes = made && (await stands()) ? changedRules(made.layout, wanted, made.load) : null;
    if (!made || !changes) throw new AppError('unavailable', (t) => t.blocks.fault);
    const { load: name, layout } = made;
    const set = (rule: string, ranges: readonly BlockedRange[]) => call('set', { name: rule, addresses: ranges.map(blockText) });
    const after = new Map(layout);
    for (const [rule, ranges] of changes) {
      if (ranges.length) after.set(rule, ranges);
      else after.delete(rule);
    }
    await inOrder([...changes].map(([rule, ranges]) => {
      const before = layout.get(rule);
      if (!before) return { does: () => add(rule, ranges, after), undo: () => remove([rule]) };
      if (ranges.length) return { does: () => set(rule, ranges), undo: () => set(rule, before) };
      return { does: () => remove([rule]), undo: () => add(rule, before, layout) };
    }));
    made = { load: name, layout: after };
  }

  return {
    tool: 'NetSecurity',
    expires: false,
    refusal,
    stands,
    async loaded() {
      if (!(await stands())) return null;
      return made ? [...made.layout.values()].reduce((sum, ranges) => sum + ranges.length, 0) : (await ours()).length;
    },
    load,
    change,
    commands: blockCommands,
    async lifelines() {
      const { own, gateways, resolvers } = await shell.call('blocks.ps1', 'lifelines', {}, Lifelines);
      const of = (kind: Lifeline['kind'], addresses: readonly string[]) => addresses.map((address) => ({ kind, address }));
      return [...of('own', own), ...of('gateway', gateways), ...of('dns', resolvers)];
    },
  };
}

import type { Db } from '../../db/open.ts';
import { transaction } from '../../db/transaction.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { getSetting, putSetting } from '../settings/settings.ts';
import type { Shown } from './sample.ts';

/**
 * Left out unless chosen: loopback, ends of container cables, bridges and other names for traffic that a real
 * interface carries too, so that the sum does not count it twice.
 */
const INTERFACES = /^(lo\d*$|veth|docker\d|br-[0-9a-f]{12}$|virbr|cni|flannel|cali|cilium|vxlan|lxc|lxd|tap|ifb|dummy|nodelocaldns|kube-|Loopback)/;

/** Left out unless chosen: RAM and loop devices, optical drives, partitions, and what lies upon disks that count already. */
const DISKS = /^(loop|ram|zram|sr|fd|dm-|md\d|nbd|drbd|(sd|vd|hd|xvd)[a-z]+\d+$|(nvme\d+n\d+|mmcblk\d+)(p|boot|rpmb))/;

export const shownByDefault: Shown = {
  interface: (name) => !INTERFACES.test(name),
  disk: (name) => !DISKS.test(name),
};

/** The choice of the person where they made one, else the default. */
export function shownNames(app: { db: Db }): Shown {
  const pick = (hide: string[], show: string[], byDefault: (name: string) => boolean) => {
    const hidden = new Set(hide);
    const shown = new Set(show);
    return (name: string) => shown.has(name) || (!hidden.has(name) && byDefault(name));
  };
  return {
    interface: pick(getSetting(app, 'hiddenInterfaces'), getSetting(app, 'shownInterfaces'), shownByDefault.interface),
    disk: pick(getSetting(app, 'hiddenDisks'), getSetting(app, 'shownDisks'), shownByDefault.disk),
  };
}

export interface Names {
  interfaces: { name: string; shown: boolean; byDefault: boolean }[];
  disks: { name: string; shown: boolean; byDefault: boolean }[];
  mounts: { path: string; shown: boolean }[];
}

/** What there is to choose from, in the machine's order; what was chosen once and is gone now is not in it. */
export function listNames(app: Pick<App, 'db' | 'sampler'>): Names {
  const { interfaces, disks, mounts } = app.sampler.names();
  const shown = shownNames(app);
  const hidden = new Set(getSetting(app, 'hiddenMounts'));
  return {
    interfaces: interfaces.map((name) => ({ name, shown: shown.interface(name), byDefault: shownByDefault.interface(name) })),
    disks: disks.map((name) => ({ name, shown: shown.disk(name), byDefault: shownByDefault.disk(name) })),
    mounts: mounts.map((path) => ({ path, shown: !hidden.has(path) })),
  };
}

/** What shall count. Only what differs from the default is kept, so that a container's new cable stays out of the sum. */
export interface Chosen {
  interfaces: string[];
  disks: string[];
  mounts: string[];
}

export function chooseNames(app: Pick<App, 'db' | 'clock' | 'sampler'>, actor: Actor, chosen: Chosen) {
  need(actor, 'settings.write');
  const names = listNames(app);
  const split = (all: Names['disks'], picked: readonly string[], hidden: readonly string[], shown: readonly string[]) => {
    const want = new Set(picked);
    const there = new Set(all.map(({ name }) => name));
    // What is not there now (a disk that was unplugged) keeps its choice.
    const absent = (list: readonly string[]) => list.filter((name) => !there.has(name));
    return {
      hide: [...absent(hidden), ...all.filter((one) => one.byDefault && !want.has(one.name)).map(({ name }) => name)].slice(-NAMES_MAX),
      show: [...absent(shown), ...all.filter((one) => !one.byDefault && want.has(one.name)).map(({ name }) => name)].slice(-NAMES_MAX),
    };
  };
  const interfaces = split(names.interfaces, chosen.interfaces, getSetting(app, 'hiddenInterfaces'), getSetting(app, 'shownInterfaces'));
  const disks = split(names.disks, chosen.disks, getSetting(app, 'hiddenDisks'), getSetting(app, 'shownDisks'));
  const mounts = new Set(chosen.mounts);
  const known = new Set(names.mounts.map(({ path }) => path));
  const hiddenMounts = [
    ...getSetting(app, 'hiddenMounts').filter((path) => !known.has(path)),
    ...names.mounts.filter(({ path }) => !mounts.has(path)).map(({ path }) => path),
  ];
  transaction(app.db, () => {
    putSetting(app, 'hiddenInterfaces', interfaces.hide);
    putSetting(app, 'shownInterfaces', interfaces.show);
    putSetting(app, 'hiddenDisks', disks.hide);
    putSetting(app, 'shownDisks', disks.show);
    putSetting(app, 'hiddenMounts', hiddenMounts.slice(-NAMES_MAX));
    record(app, actor, { action: 'metrics.choose', params: { before: chosenNow(names), after: chosen } });
  });
  app.sampler.forgetChoice();
}

const chosenNow = ({ interfaces, disks, mounts }: Names): Chosen => ({
  interfaces: interfaces.filter(({ shown }) => shown).map(({ name }) => name),
  disks: disks.filter(({ shown }) => shown).map(({ name }) => name),
  mounts: mounts.filter(({ shown }) => shown).map(({ path }) => path),
});

/** As many as the settings hold. */
const NAMES_MAX = 256;

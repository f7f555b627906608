import type { Db } from '../../db/open.ts';
import { getSetting } from '../settings/settings.ts';
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

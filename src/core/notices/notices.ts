import type { Messages } from '../../i18n/en.ts';
import type { Format } from '../../i18n/format.ts';
import type { App } from '../app.ts';
import { newerNames } from '../containers/updates/updates.ts';
import type { MountUse } from '../metrics/mounts.ts';
import { readRebootPending } from '../system/system.ts';
import { newerPanel } from './update.ts';

/** Something that wants to be looked at; the first thing on the dashboard. */
export interface Notice {
  /** The same for the same thing: "disk:/srv". */
  id: string;
  tone: 'danger' | 'warn' | 'accent';
  icon: 'cert' | 'disk' | 'restart' | 'download' | 'warning';
  say(t: Messages, fmt: Format): string;
  link: { href: string; say(t: Messages): string } | null;
}

const DAY = 86_400_000;
const CERTIFICATE_DAYS = 14;
const FULL = 0.9;
const VERY_FULL = 0.97;
const SOON_DAYS = 7;
/** More names than this are counted. */
const NAMED = 3;

type Needs = Pick<App, 'host' | 'panel' | 'clock' | 'db' | 'log' | 'version' | 'sampler' | 'config'>;

/** What needs doing on this machine, the worst first. What cannot be found out is no notice. */
export async function listNotices(app: Needs): Promise<Notice[]> {
  const [mounts, reboot, newer] = await Promise.all([
    app.sampler.mounts().catch(() => []),
    readRebootPending(app).catch(() => null),
    newerNames(app).catch(() => []),
  ]);
  const notices = [...certificate(app), ...mounts.flatMap(disk), ...rebootDue(reboot), ...update(app), ...images(newer), ...missing(app)];
  const rank = { danger: 0, warn: 1, accent: 2 };
  return notices.sort((a, b) => rank[a.tone] - rank[b.tone]);
}

function certificate(app: Needs): Notice[] {
  const known = app.panel.certificate();
  if (!known) return [];
  const left = known.notAfter - app.clock.now();
  if (left > CERTIFICATE_DAYS * DAY) return [];
  const days = Math.floor(left / DAY);
  return [{
    id: 'certificate', tone: left <= DAY ? 'danger' : 'warn', icon: 'cert', link: null,
    say: (t, fmt) => (left <= 0 ? t.notices.certificateEnded({ date: fmt.date(known.notAfter) }) : t.notices.certificateEnds({ days: fmt.number(days), n: days })),
  }];
}

/** As df(1) counts: blocks kept for root are not free. */
function disk(mount: MountUse): Notice[] {
  const capacity = mount.used + mount.free;
  if (mount.readOnly || capacity <= 0) return [];
  const share = mount.used / capacity;
  const { path, free, fullInDays } = mount;
  const inodes = mount.inodes ? (mount.inodesUsed ?? 0) / mount.inodes : 0;
  if (share >= FULL) {
    return [{
      id: `disk:${path}`, tone: share >= VERY_FULL ? 'danger' : 'warn', icon: 'disk', link: null,
      say: (t, fmt) => t.notices.diskFull({ path, percent: fmt.percent(Math.floor(share * 100)), free: fmt.bytes(free) })
        + (fullInDays === null ? '' : t.notices.diskSoonTail({ n: fullInDays, days: fmt.number(fullInDays) })),
    }];
  }
  if (inodes >= FULL) {
    return [{
      id: `inodes:${path}`, tone: inodes >= VERY_FULL ? 'danger' : 'warn', icon: 'disk', link: null,
      say: (t, fmt) => t.notices.inodesFull({ path, percent: fmt.percent(Math.floor(inodes * 100)) }),
    }];
  }
  if (fullInDays === null || fullInDays > SOON_DAYS) return [];
  return [{ id: `trend:${path}`, tone: 'warn', icon: 'disk', link: null, say: (t, fmt) => t.notices.diskSoon({ path, n: fullInDays, days: fmt.number(fullInDays) }) }];
}

function rebootDue(reasons: string[] | null): Notice[] {
  if (!reasons) return [];
  const more = reasons.length - NAMED;
  return [{
    id: 'reboot', tone: 'warn', icon: 'restart', link: null,
    say: (t, fmt) => t.notices.reboot({ names: fmt.list(more > 0 ? [...reasons.slice(0, NAMED), t.notices.more({ n: more })] : reasons) }),
  }];
}

function update(app: Needs): Notice[] {
  const release = newerPanel(app, app.config.releaseUrl);
  if (!release) return [];
  const { version, url } = release;
  return [{
    id: 'update', tone: 'accent', icon: 'download', say: (t) => t.notices.update({ version, now: app.version }),
    link: url ? { href: url, say: (t) => t.notices.release } : null,
  }];
}

function images(names: readonly string[]): Notice[] {
  const [first] = names;
  if (first === undefined) return [];
  const more = names.length - NAMED;
  return [{
    id: 'images', tone: 'accent', icon: 'download', link: { href: '/containers/updates?state=newer', say: (t) => t.containerUpdates.noticeLink },
    say: (t, fmt) => (names.length === 1 ? t.containerUpdates.noticeOne({ name: first })
      : t.containerUpdates.notice({ n: fmt.number(names.length), names: fmt.list(more > 0 ? [...names.slice(0, NAMED), t.notices.more({ n: more })] : names) })),
  }];
}

function missing(app: Needs): Notice[] {
  const sources = app.host.metrics.missing();
  if (!sources.length) return [];
  return [{ id: 'missing', tone: 'accent', icon: 'warning', link: null, say: (t, fmt) => t.notices.missing({ names: fmt.list(sources) }) }];
}

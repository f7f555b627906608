import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { pause } from '../../../lib/pause.ts';
import { MESSAGE_MOST, type LogEntry, type LogFilter, type LogPage, type LogsDriver, type PageWish } from '../../logs.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { CHANNEL, channelOf, cursorOf, placeOf, priorityOf, xpathOf, type Place } from './query.ts';

export const EventChannels = z.object({ names: z.array(z.string()) });

/**
 * `event-log.ps1 page`:
 *
 *     {"events":[{"record":4711,"at":1790000000000,"level":2,"provider":"Service Control Manager","event":7031,"pid":812,
 *       "text":"The Fax service terminated unexpectedly.  It has done this 1 time(s).","cut":false}],"more":true,"late":false}
 */
export const EventPage = z.object({
  events: z.array(z.object({
    record: z.number().int(), at: z.number().nullable(), level: z.number().int(), provider: z.string(), event: z.number().int(), pid: z.number().int().nullable(), text: z.string(), cut: z.boolean(),
  })),
  more: z.boolean(),
  late: z.boolean(),
});
type Said = z.output<typeof EventPage>['events'][number];

/** `event-log.ps1 event`: {"fields":[{"name":"Message","value":"…"},{"name":"Provider.Name","value":"Service Control Manager"},{"name":"EventID","value":"7031"}]} */
export const EventFields = z.object({ fields: z.array(z.object({ name: z.string(), value: z.string() })) });

/** Events that are asked for at once: their sentences are put together one by one, some in a millisecond, some in ten. */
const PORTION = 200;
/** Letters of a message in a file. */
const WHOLE_MOST = 65_536;
const WHOLE_PORTION = 50;
/** For a file nobody waits: what little fits a filter is looked for longer. Less than what the verb may take. */
const WHOLE_MS = 20_000;
/** How often the log is asked for what is new. */
const LOOK_MS = 2000;
const VALUE_MOST = 256 << 10;
const CHANNELS_MS = 60_000;
/** Every Windows has them; the first one is what is read when none is asked for. */
const KNOWN = [CHANNEL, 'Application', 'Security', 'Setup'];

const entryOf = (channel: string, { record, at, level, provider, event, pid, text, cut }: Said): LogEntry => ({
  at, priority: priorityOf(level), unit: channel, identifier: provider, pid, message: `${event}: ${text}`.slice(0, WHOLE_MOST), cut, cursor: cursorOf({ channel, record, at: at ?? 0 }),
});

/** Windows' event log, one channel at a time; text is looked for here, as the log's own filter knows no messages. */
export function createWindowsLogs(shell: PowerShell, lookMs = LOOK_MS): LogsDriver {
  let channels: { at: number; names: string[] } | undefined;

  async function portion(filter: LogFilter, place: Place | null, to: 'older' | 'newer', most: number, patience: number, letters = MESSAGE_MOST) {
    const channel = channelOf(filter);
    const xpath = xpathOf(filter, place, to, channel);
    if (xpath === null) return { entries: [], more: false, late: false };
    const given = { channel, filter: xpath, newest: to === 'older', most, letters, patience };
    const { events, more, late } = await shell.call('event-log.ps1', 'page', given, EventPage).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'not_found' ? new AppError('invalid', (t) => t.logs.noChannel, { field: 'unit', cause: error }) : error;
    });
    return { entries: events.map((each) => entryOf(channel, each)), more, late };
  }

  async function page(filter: LogFilter, { from, to: wished, limit, patience, signal }: PageWish): Promise<LogPage> {
    const to = from === null ? 'older' : wished;
    const until = performance.now() + patience;
    const found: LogEntry[] = [];
    let place = from === null ? null : placeOf(from);
    for (;;) {
      // Between portions: ending one would end its PowerShell.
      signal?.throwIfAborted();
      const left = Math.max(0, Math.round(until - performance.now()));
      const { entries, more, late: used } = await portion(filter, place, to, Math.min(PORTION, filter.match ? PORTION : limit - found.length), left);
      const { match } = filter;
      found.push(...(match ? entries.filter(({ message }) => match.test(message)) : entries));
      const over = found.length > limit;
      const last = entries.at(-1);
      const late = more && (used || performance.now() >= until) && found.length < limit;
      if (!last || !more || over || found.length === limit || late) {
        const shown = found.slice(0, limit);
        return { entries: to === 'older' ? shown.reverse() : shown, more: more || over, late };
      }
      place = placeOf(last.cursor);
    }
  }

  return {
    folders: [],
    state: async () => (shell.missing() ? { kind: 'none', partial: false } : { kind: 'eventlog', partial: await shell.greeting().then(({ elevated }) => !elevated, () => false) }),
    async units() {
      const now = performance.now();
      if (channels && now - channels.at < CHANNELS_MS) return channels.names;
      const found = await shell.call('event-log.ps1', 'channels', {}, EventChannels).catch(() => null);
      if (found) channels = { at: now, names: [...KNOWN, ...found.names.filter((name) => !KNOWN.includes(name))] };
      return channels?.names ?? KNOWN;
    },
    boots: async () => [],
    page,
    async *follow(filter, after, signal) {
      let at = after ?? (await page({ ...filter, match: undefined }, { from: null, to: 'older', limit: 1, patience: LOOK_MS, signal })).entries[0]?.cursor ?? cursorOf({ channel: channelOf(filter), record: 0, at: 0 });
      while (!signal.aborted) {
        const { entries, more } = await portion(filter, placeOf(at), 'newer', PORTION, LOOK_MS);
        if (signal.aborted) return;
        if (entries.length) yield entries;
        at = entries.at(-1)?.cursor ?? at;
        // Where nothing was found within its time it is not asked again at once.
        if (!more || entries.length === 0) await pause(lookMs, signal);
      }
    },
    async *read(filter, signal) {
      for (let place: Place = { channel: channelOf(filter), record: 0, at: 0 }; !signal.aborted; ) {
        const { entries, more } = await portion(filter, place, 'newer', WHOLE_PORTION, WHOLE_MS, WHOLE_MOST);
        const { match } = filter;
        yield match ? entries.filter(({ message }) => match.test(message)) : entries;
        const last = entries.at(-1);
        // A file that ended here would look whole.
        if (more && !last) throw new AppError('unavailable', (t) => t.powershell.late({ what: 'event-log.ps1 page', seconds: WHOLE_MS / 1000 }));
        if (!more || !last) return;
        place = placeOf(last.cursor);
      }
    },
    async fields(cursor) {
      const { channel, record } = placeOf(cursor);
      const { fields } = await shell.call('event-log.ps1', 'event', { channel, record, patience: WHOLE_MS }, EventFields);
      return fields.length ? fields.map(({ name, value }): [string, string] => [name.slice(0, 100), value.slice(0, VALUE_MOST).toWellFormed()]) : null;
    },
  };
}

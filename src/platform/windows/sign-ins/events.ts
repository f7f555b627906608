import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { PowerShell } from '../powershell/powershell.ts';

/**
 * `event-log.ps1 named`:
 *
 *     {"newest":81234,"events":[{"record":81230,"at":1790000000000,"provider":"Microsoft-Windows-Security-Auditing","event":4625,"user":"","fields":[{"name":"LogonType","value":"3"},
 *       {"name":"IpAddress","value":"198.51.100.7"}]}],"more":false}
 */
export const NamedEvents = z.object({
  newest: z.number().int(),
  events: z.array(z.object({ record: z.number().int(), at: z.number().nullable(), provider: z.string(), event: z.number().int(), user: z.string(), fields: z.array(z.object({ name: z.string(), value: z.string() })) })),
  more: z.boolean(),
});
export type NamedEvent = z.output<typeof NamedEvents>['events'][number];

/** Some events of one log. */
export interface Channel {
  name: string;
  /** Whose they are: other programs write to the same log, and number theirs as they like. */
  provider: string;
  events: readonly number[];
}

/** Of more guesses than these between two looks, the last ones are enough to ban for. */
const MOST = 500;
const PATIENCE_MS = 2000;

const those = ({ provider, events }: Channel) => `Provider[@Name='${provider}'] and (${events.map((id) => `EventID=${id}`).join(' or ')})`;
/** The log leaves nothing else through; a filter that a Windows understands otherwise must not ban anybody. */
const ofProvider = ({ provider }: Channel, events: readonly NamedEvent[]) => events.filter((event) => event.provider === provider);

/** The record that is the newest now; null: there is no such log. @throws AppError denied, unavailable */
export async function newestOf(shell: PowerShell, channel: Channel): Promise<number | null> {
  try {
    return (await shell.call('event-log.ps1', 'named', { channel: channel.name, filter: '*', after: 0, most: 0, patience: PATIENCE_MS }, NamedEvents)).newest;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  }
}

/**
 * What came after a record, the oldest first, and where to go on. The filter lets the records before it through as well: read from
 * the newest back, the first of them ends the search, where one for the few that are wanted might look through all of the log.
 * @throws AppError denied, not_found, unavailable
 */
export async function eventsAfter(shell: PowerShell, channel: Channel, after: number): Promise<{ events: NamedEvent[]; newest: number }> {
  const given = (from: number) => ({ channel: channel.name, filter: `*[System[(${those(channel)}) or (EventRecordID<=${from})]]`, after: from, most: MOST, patience: PATIENCE_MS });
  const found = await shell.call('event-log.ps1', 'named', given(after), NamedEvents);
  // Somebody has cleared the log, and its numbers begin anew.
  const { events, newest } = found.newest < after ? await shell.call('event-log.ps1', 'named', given(0), NamedEvents) : found;
  return { events: ofProvider(channel, events).toReversed(), newest };
}

const LATELY_MS = 30 * 86_400_000;
const LATELY_PATIENCE_MS = 5000;

/** Those of the last 30 days, the newest first. `which`: further conditions. @throws AppError denied, not_found, unavailable */
export async function eventsLately(shell: PowerShell, channel: Channel, which = ''): Promise<NamedEvent[]> {
  const filter = `*[System[${those(channel)} and TimeCreated[timediff(@SystemTime)<=${LATELY_MS}]]${which}]`;
  return ofProvider(channel, (await shell.call('event-log.ps1', 'named', { channel: channel.name, filter, after: 0, most: MOST, patience: LATELY_PATIENCE_MS }, NamedEvents)).events);
}

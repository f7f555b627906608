import { SYSTEM, type App } from '../app.ts';
import { getSetting } from '../settings/settings.ts';
import { recordAll, settleRecordings } from './recordings/record.ts';
import { fitRecordings } from './recordings/sweep.ts';
import { killTerminal, terminalRow } from './terminals.ts';

const HOUR_MS = 3_600_000;

/** What has to be looked after while terminals run: those that nobody needs, and those that a setting wants recorded. */
export async function tendTerminals(app: App): Promise<void> {
  await settleRecordings(app);
  await endQuiet(app);
  await recordAll(app);
  fitRecordings(app);
}

/** Ends what nobody has looked at or typed in for as long as the settings say. */
async function endQuiet(app: App): Promise<void> {
  const hours = getSetting(app, 'terminalIdleHours');
  if (hours === 0) return;
  for (const { id, quietMs, exit } of (await app.terminals.ask('list', {})) ?? []) {
    if (exit || !(quietMs >= hours * HOUR_MS)) continue;
    const { state } = terminalRow(app, SYSTEM, id);
    if (state === 'running') await killTerminal(app, SYSTEM, id, { idleHours: hours });
  }
}

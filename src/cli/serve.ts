import { loadConfig } from '../config/load.ts';
import { AppError } from '../lib/errors.ts';
import { consoleTexts } from './console.ts';
import type { Invocation } from './command.ts';
import { startPanel } from './panel.ts';

/** Runs the panel until it is told to stop. Exit codes: 0 stopped, 1 could not start, 2 not accepted. */
export async function serve(call: Invocation): Promise<number> {
  const config = loadConfig(call.values, call.env);
  const t = consoleTexts(call.env);
  try {
    const panel = await startPanel(config, { t, print: call.print, env: call.env });
    return await panel.stopped;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    call.warn(`mantou: ${error.say(t)}`);
    if (error.detail) call.warn(error.detail);
    return 1;
  }
}

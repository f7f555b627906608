import { blockCalls } from './block-calls.ts';
import { guardCalls } from './guard-calls.ts';

type Parts = Parameters<typeof guardCalls>;

/** Calls everything that the API says about who is let in. */
export async function firewallCalls(panel: Parts[0], run: Parts[1]) {
  await blockCalls(run);
  await guardCalls(panel, run);
}

import { runOk, type Exec } from '../../exec.ts';
import type { BlocksDriver } from '../../blocks.ts';
import { AppError } from '../../../lib/errors.ts';
import { readLifelines } from './lifelines.ts';
import { changeCommands, changeScript, countElements, hasTable, TABLE, tableScript } from './nft-script.ts';

/** A hundred thousand take two seconds on a small machine; somebody else may hold the rules for a moment. */
const LOAD_MS = 60_000;
const READ_MS = 20_000;
/** A hundred thousand elements with their times in JSON are 8 MB. */
const LIST_MOST = 64 << 20;

/** Sets in a table of nftables: beside ufw, firewalld and Docker, which keep theirs. */
export function createLinuxBlocks(exec: Exec, isRoot = () => process.getuid?.() === 0): BlocksDriver {
  const nft = () => {
    const path = exec.which('nft');
    if (!path) throw new AppError('unsupported', (t) => t.blocks.refusals.noTool);
    return path;
  };
  const run = (script: string) => runOk(exec, [nft(), '-f', '-'], { stdin: script, timeout: LOAD_MS });
  const stands = async () => hasTable(await runOk(exec, [nft(), 'list', 'tables'], { timeout: READ_MS }));
  return {
    tool: 'nftables',
    expires: true,
    refusal: async () => (!isRoot() ? 'notRoot' : exec.which('nft') ? null : 'noTool'),
    stands,
    async loaded() {
      if (!(await stands())) return null;
      return countElements(await runOk(exec, [nft(), '-j', 'list', 'table', 'inet', TABLE], { timeout: READ_MS, cap: LIST_MOST }));
    },
    load: async (ranges, now) => void (await run(tableScript(ranges, now))),
    change: async (change, now) => void (await run(changeScript(change, now))),
    commands: changeCommands,
    lifelines: readLifelines,
  };
}

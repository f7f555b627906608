import { runOk, type Exec } from '../exec.ts';
import type { PowerAction, PowerDriver } from '../power.ts';

/** macOS: shutdown(8), for root only. */
const words = (action: PowerAction) => [action === 'reboot' ? '-r' : '-h', 'now'];

export function createDarwinPower(exec: Exec): PowerDriver {
  const tool = () => exec.which('shutdown');
  return {
    async refusal() {
      const why = process.geteuid?.() !== 0 ? 'notRoot' : tool() ? null : 'noTool';
      return why && ((t) => t.power.refusals[why]({ container: '', init: '' }));
    },
    commands: (action) => [['shutdown', ...words(action)].join(' ')],
    run: async (action) => void (await runOk(exec, [tool()!, ...words(action)], { timeout: 20_000 })),
  };
}

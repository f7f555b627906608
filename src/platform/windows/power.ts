import { runOk, type Exec } from '../exec.ts';
import type { PowerAction, PowerDriver } from '../power.ts';

/** shutdown.exe: /r restarts, /s shuts down, /t 0 at once. */
const words = (action: PowerAction) => [action === 'reboot' ? '/r' : '/s', '/t', '0'];

export function createWindowsPower(exec: Exec): PowerDriver {
  const tool = () => exec.which('shutdown');
  return {
    refusal: async () => (tool() ? null : (t) => t.power.refusals.noTool({ container: '', init: '' })),
    commands: (action) => [['shutdown.exe', ...words(action)].join(' ')],
    run: async (action) => void (await runOk(exec, [tool()!, ...words(action)], { timeout: 20_000 })),
  };
}

import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { LocaleChange, LocaleDriver, MachineLocale } from '../../locale.ts';
import { NOT_HERE } from '../../portable/not-here.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { quoted } from '../powershell/quoted.ts';
import { planner } from './change.ts';
import { noRights, orElse } from './rights.ts';

/** `locale.ps1 read`: {"current":"en-US","written":"zh-CN","choices":["af-ZA","zh-CN"],"languages":["en-US"]} */
export const LocaleAnswer = z.object({ current: z.string(), written: z.string().nullable(), choices: z.array(z.string()), languages: z.array(z.string()) });

/** The locale of the system: by its code page programs without Unicode read and write. */
export function createWindowsLocale(shell: PowerShell): LocaleDriver {
  const ask = () => shell.call('locale.ps1', 'read', {}, LocaleAnswer);
  return {
    read: () => orElse<MachineLocale>(shell, async () => {
      const { current, written, choices, languages } = await ask();
      return { current, installed: choices.toSorted(), makeable: [], written: written === current ? null : written, languages };
    }, NOT_HERE.locale.read),
    ...planner(shell, 'locale.ps1', () => noRights(shell), async ({ locale }: LocaleChange) => {
      const { choices } = await ask();
      if (!choices.includes(locale)) throw new AppError('invalid', (t) => t.system.locale.noSuch, { field: 'locale' });
      return [{ verb: 'set', given: { locale }, commands: [`Set-WinSystemLocale -SystemLocale ${quoted(locale)}`] }];
    }),
  };
}

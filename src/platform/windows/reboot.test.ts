import { expect, test } from 'bun:test';
import { manualClock } from '../../lib/clock.ts';
import { createFakeRegistry } from '../fake/registry.ts';
import { NO_REGISTRY } from '../portable/registry.ts';
import { REG } from '../registry.ts';
import { windowsRebootPending } from './reboot.ts';

const CURRENT = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion';
const CONTROL = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control';
const wide = (text: string) => Uint8Array.from(Buffer.from(text, 'utf16le'));
const pending = (...seed: Parameters<typeof createFakeRegistry>[1] & object) => windowsRebootPending(createFakeRegistry(manualClock(), seed));
const name = (key: string, text: string) => [`${CONTROL}\\ComputerName\\${key}`, { name: 'ComputerName', type: REG.sz, bytes: wide(`${text}\0`) }] as const;

test('without a registry, without the keys and where nothing may be read nothing is due', async () => {
  expect(await windowsRebootPending(NO_REGISTRY)).toBeNull();
  expect(await pending()).toBeNull();
  expect(await pending(name('ActiveComputerName', 'web-1'), name('ComputerName', 'WEB-1'))).toBeNull();
  expect(await windowsRebootPending({ ...createFakeRegistry(manualClock(), []), read: () => Promise.reject(new Error('denied')) })).toBeNull();
});

test('each key names who asks', async () => {
  const update = [`${CURRENT}\\WindowsUpdate\\Auto Update\\RebootRequired`] as const;
  expect(await pending(update)).toEqual(['Windows Update']);
  expect(await pending(update, [`${CURRENT}\\Component Based Servicing\\RebootPending`])).toEqual(['Windows Update', 'Component Based Servicing']);
});

test('files that are replaced at the next start are counted, and a new name of the computer is told', async () => {
  const files = wide('\\??\\C:\\a\0\0\\??\\C:\\b\0\\??\\C:\\c\0\0');
  expect(await pending([`${CONTROL}\\Session Manager`, { name: 'PendingFileRenameOperations', type: REG.multi, bytes: files }])).toEqual(['PendingFileRenameOperations (2)']);
  expect(await pending(name('ActiveComputerName', 'WEB-1'), name('ComputerName', 'shop'))).toEqual(['WEB-1 → SHOP']);
});

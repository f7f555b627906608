import { expect, test } from 'bun:test';
import type { Exec, ExecResult } from '../exec.ts';
import { windowsRebootPending } from './reboot.ts';

/** reg.exe that knows these keys. */
const reg = (keys: string[], ended?: ExecResult['ended']): Exec => ({
  which: () => 'C:\\Windows\\System32\\reg.exe',
  run: async (argv) => ({ code: keys.some((key) => argv[2]!.endsWith(key)) ? 0 : 1, stdout: '', stderr: '', truncated: false, ...(ended ? { ended } : {}) }),
});

test('without reg.exe, without the keys and without an answer in time nothing is due', async () => {
  expect(await windowsRebootPending({ ...reg([]), which: () => undefined })).toBeNull();
  expect(await windowsRebootPending(reg([]))).toBeNull();
  expect(await windowsRebootPending(reg(['RebootRequired'], 'timeout'))).toBeNull();
});

test('each key names who asks', async () => {
  expect(await windowsRebootPending(reg(['RebootRequired']))).toEqual(['Windows Update']);
  expect(await windowsRebootPending(reg(['RebootRequired', 'RebootPending']))).toEqual(['Windows Update', 'Component Based Servicing']);
});

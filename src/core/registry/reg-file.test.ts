import { expect, test } from 'bun:test';
import iconv from 'iconv-lite';
import { cpuMs } from '../../../test/support/cpu.ts';
import { decodeReg, parseReg } from './reg-file.ts';
import { shownOf } from './value.ts';

/** Written from Microsoft's description of the format (support.microsoft.com, "How to add, modify, or delete registry subkeys and values by using a .reg file"). */
const SAMPLE = String.raw`Windows Registry Editor Version 5.00

; a remark
[HKEY_LOCAL_MACHINE\SOFTWARE\Example]
@="standard \"quoted\" C:\\x"
"text"="BUN"
"with=sign \\ and \""="v" ; remark
"number"=dword:000000FF
"bytes"=hex:01,02,\
  03,04
"path"=hex(2):25,00,54,00,\
  00,00
"list"=hex(7):61,00,00,00,00,00
"long"=hex(b):ff,ff,ff,ff,ff,ff,ff,ff
"none"=hex(0):
"old"=-
"two
lines"="no"
"lines"="one
two"

[-HKEY_LOCAL_MACHINE\SOFTWARE\Gone]
`.replace('BUN', '馒头');

test('.reg: every form of a line, in UTF-16, UTF-8 and with the ends of lines of others', () => {
  const utf16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(SAMPLE.replaceAll('\n', '\r\n'), 'utf16le')]);
  for (const bytes of [Buffer.from(SAMPLE), utf16, Buffer.from(`\ufeff${SAMPLE}`), Buffer.from(SAMPLE.replaceAll('\n', '\r\n'))]) {
    const { keys, faults } = parseReg(decodeReg(bytes))!;
    expect(faults.map(({ text }) => text)).toEqual(['"two', 'lines"="no"']);
    expect(keys.map(({ path, remove }) => [path, remove])).toEqual([['HKEY_LOCAL_MACHINE\\SOFTWARE\\Example', false], ['HKEY_LOCAL_MACHINE\\SOFTWARE\\Gone', true]]);
    const values = Object.fromEntries(keys[0]!.values.map((value) => [value.name, 'remove' in value ? 'gone' : shownOf(value)]));
    expect(values).toEqual({ '': 'standard "quoted" C:\\x', text: '馒头', 'with=sign \\ and "': 'v', number: '255', bytes: '01 02 03 04', path: '%T', list: 'a', long: '18446744073709551615', none: '', old: 'gone', lines: 'one\ntwo' });
  }
});

test('S22 .reg: values that go on over as many lines as a file can have, and lines made to be read again and again, cost no time', () => {
  const head = 'Windows Registry Editor Version 5.00\n[HKEY_CURRENT_USER\\x]\n';
  const timed = (text: string) => {
    const began = cpuMs();
    const found = parseReg(head + text)!;
    expect([text.slice(0, 20), cpuMs() - began < 5000]).toEqual([text.slice(0, 20), true]);
    return { values: found.keys[0]!.values.length, fault: found.faults[0]?.line ?? null };
  };
  const most = 780_000;
  for (const text of [
    `"a"=hex:00,\\\n${',\\\n'.repeat(most / 3)}00`, `"a"="x${'\n'.repeat(most)}"`, `"a"="x${'y\n'.repeat(most / 2)}`, `"a"="${'\\\\\n'.repeat(most / 3)}"`,
    `"${'=hex'.repeat(most / 4)}`, `"a"=hex:${' '.repeat(most)}x`, `"a"=${'hex'.repeat(most / 3)}`, `[${'];'.repeat(most / 4)}\u2028`, `"${'\\"'.repeat(most / 2)}`,
  ]) expect([text.slice(0, 20), timed(text)]).toEqual([text.slice(0, 20), { values: 0, fault: 3 }]);
  // What may well be in a file.
  expect(timed(`"a"=hex:${'00,00,00,00,00,00,00,00,00,00,00,00,00,\\\n  '.repeat(15_000)}00`)).toEqual({ values: 1, fault: null });
  expect(timed(`"a"="${'one line of a text\n'.repeat(15_000)}"`)).toEqual({ values: 1, fault: null });
  expect(timed(`"a"="${'x\\\\\\"'.repeat(most / 5)}"`)).toEqual({ values: 1, fault: null });
});

test('.reg of the old format is in the code page of its Windows', () => {
  const text = 'REGEDIT4\r\n\r\n[HKEY_CURRENT_USER\\Software\\订单]\r\n"名称"="馒头"\r\n"path"=hex(2):25,61,25,00\r\n';
  const { keys, faults } = parseReg(decodeReg(iconv.encode(text, 'gb18030')))!;
  expect(faults).toEqual([]);
  expect(keys).toMatchObject([{ path: 'HKEY_CURRENT_USER\\Software\\订单', values: [{ name: '名称' }, { name: 'path', type: 2 }] }]);
  expect(keys[0]!.values.map((value) => ('remove' in value ? '' : shownOf(value)))).toEqual(['馒头', '%a%']);
});

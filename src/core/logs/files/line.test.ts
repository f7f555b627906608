import { expect, test } from 'bun:test';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { parseLine } from './line.ts';

const NOW = new Date(2026, 0, 3, 12).getTime();
const here = (...parts: [number, number, number, number, number, number, number?]) => new Date(...parts).getTime();

/** As Debian 12's rsyslog, nginx, dpkg and the panel write them, and Apache and log4j by their manuals. */
test.each([
  ['Nov 29 05:24:22 steamer sshd[57]: Server listening on 0.0.0.0 port 22.', { at: here(2025, 10, 29, 5, 24, 22), identifier: 'sshd', pid: 57, priority: null, message: 'Server listening on 0.0.0.0 port 22.' }],
  ['Jan  3 11:00:00 steamer CRON[9]: (root) CMD (x)', { at: here(2026, 0, 3, 11, 0, 0), identifier: 'CRON', pid: 9, message: '(root) CMD (x)' }],
  ['Jan  3 11:00:00 steamer kernel: [    1.5] nvme0n1: timeout', { identifier: 'kernel', pid: null, message: '[    1.5] nvme0n1: timeout' }],
  ['2026-11-29T05:24:22.079528+02:00 web sudo: lin : TTY=pts/0', { at: Date.parse('2026-11-29T03:24:22.079Z'), identifier: 'sudo', message: 'lin : TTY=pts/0' }],
  ['2026-01-01T00:00:00.000Z error a file cannot be read {"id":1}', { at: Date.parse('2026-01-01'), identifier: null, priority: 3, message: 'error a file cannot be read {"id":1}' }],
  ['2025/11/22 05:24:22 [crit] 812#812: *1 open() failed', { at: here(2025, 10, 22, 5, 24, 22), priority: 2, message: '812#812: *1 open() failed' }],
  ['[Sat Nov 22 05:24:22.123456 2025] [core:error] [pid 1] AH00037: no', { at: here(2025, 10, 22, 5, 24, 22, 123), priority: 3, message: '[pid 1] AH00037: no' }],
  ['203.0.113.9 - lin [22/Nov/2025:05:24:22 -0230] "GET /a[1]/b HTTP/1.1" 200 1', { at: Date.parse('2025-11-22T07:54:22Z'), priority: null, message: '203.0.113.9 - lin [22/Nov/2025:05:24:22 -0230] "GET /a[1]/b HTTP/1.1" 200 1' }],
  ['2026-11-29 05:24:20 status installed ufw:all 0.36.2-1', { at: here(2026, 10, 29, 5, 24, 20), priority: null, message: 'status installed ufw:all 0.36.2-1' }],
  ['update-alternatives 2026-11-29 05:24:20: run with --install', { at: here(2026, 10, 29, 5, 24, 20), message: 'run with --install' }],
  ['2026-01-02 03:04:05,678 WARN [main] Pool is empty', { at: here(2026, 0, 2, 3, 4, 5, 678), priority: 4, message: 'WARN [main] Pool is empty' }],
  ['\tat Main.main(Main.java:1)', { at: null, priority: null, message: '\tat Main.main(Main.java:1)' }],
  ['', { at: null, message: '' }],
  ['9999-99-99 99:99:99 no time', { message: expect.stringContaining('no time') }],
] as const)('%s', (text, told) => expect(parseLine(text, NOW)).toMatchObject(told as object));

test('S22 lines that look like much and are nothing take no time', () => {
  const began = cpuMs();
  for (const text of ['['.repeat(100_000), 'a-'.repeat(50_000), `Jan  3 11:00:00 ${'x'.repeat(100_000)}`, `Jan  3 11:00:00 h ${'x['.repeat(50_000)}`, '[22/Nov/2025'.repeat(10_000)]) parseLine(text, NOW);
  expect(cpuMs() - began).toBeLessThan(500);
});

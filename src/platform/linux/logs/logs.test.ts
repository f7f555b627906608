import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { MESSAGE_MOST } from '../../logs.ts';
import { checkCursor, filterArguments, literalPattern } from './arguments.ts';
import { createLineCutter } from './lines.ts';
import { parseBoots, parseBootTable, parseEntry } from './parse.ts';

/** systemd 252 on Debian 12; what the first six hold was sent to journald by its own protocol. */
const fixture = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/linux/journal', name), 'utf8');
const lines = fixture('entries.json').trimEnd().split('\n');
const parse = (text: string | Buffer) => createLineCutter()(Buffer.concat([Buffer.from(text), Buffer.from('\n')])).map(parseEntry)[0];

describe('entries of journalctl', () => {
  test('several lines, bytes that are no UTF-8, none at all, a priority that is none, a field twice', () => {
    const found = lines.map(parse);
    expect(found.map((entry) => entry!.message)).toEqual([
      'one\ntwo\n"__CURSOR":"s=1;i=1"', '\x1b[31mred\x1b[0m \0nul caf\ufffd', '<script>alert(1)</script>', '', '', expect.stringMatching(/^(first|second)$/),
      'Starting ssh.service - OpenBSD Secure Shell server...', 'Server listening on 0.0.0.0 port 22.',
    ]);
    expect(found[4]).toMatchObject({ priority: null, unit: null, identifier: 'hostile', pid: 507, at: 1_795_931_823_951 });
    // What systemd says about a unit belongs to it.
    expect(found[6]).toMatchObject({ priority: 6, unit: 'ssh.service', identifier: 'systemd', pid: 1, cut: false });
    expect(found[7]).toMatchObject({ unit: 'ssh.service', identifier: 'sshd' });
  });

  test('what is no entry is none', () => {
    for (const text of ['', '{}', 'null', '[]', '{"MESSAGE":"x"', 'Failed to open', '{"__CURSOR":5}']) expect(parse(text)).toBeNull();
  });

  const cursor = 's=d2de53894bcf42ba9637fba908e002ce;i=39fc2f;b=d442c52c8ab04727b72e63d39bd54a0e;m=ceb1b4f8;t=66163f6684da5;x=6116cb1f0f6e355c';

  test('of one that is megabytes long the two ends are kept, wherever the message stands', () => {
    const fields = { __CURSOR: cursor, __REALTIME_TIMESTAMP: '1795931823951000', PRIORITY: '3', SYSLOG_IDENTIFIER: 'big', _PID: '7' };
    for (const MESSAGE of ['包'.repeat(1_000_000), 'a"\\\n'.repeat(500_000), `${'x","__CURSOR":"s=1;i=1","PRIORITY":"0'.repeat(50_000)}`, Array.from({ length: 900_000 }, (_, i) => 65 + (i % 20))]) {
      const start = typeof MESSAGE === 'string' ? MESSAGE : Buffer.from(MESSAGE).toString();
      for (const whole of [{ MESSAGE, ...fields }, { ...fields, MESSAGE }]) {
        const entry = parse(JSON.stringify(whole))!;
        expect({ ...entry, message: '' }).toEqual({ at: 1_795_931_823_951, priority: 3, unit: null, identifier: 'big', pid: 7, message: '', cut: true, cursor });
        expect(start.startsWith(entry.message) && entry.message.length).toBe(MESSAGE_MOST);
      }
    }
  });

  test('pieces may be cut anywhere; a line holds no more than its ends', () => {
    const text = Buffer.from(lines.join('\n') + '\n');
    for (const size of [1, 7, 1000]) {
      const cut = createLineCutter();
      const found = [];
      for (let at = 0; at < text.length; at += size) found.push(...cut(text.subarray(at, at + size)));
      expect(found.map(({ head }) => head.toString())).toEqual(lines);
    }
    const cut = createLineCutter(10, 4);
    for (let i = 0; i < 1000; i++) expect(cut(Buffer.from('0123456789'))).toEqual([]);
    const [line] = cut(Buffer.from('the end\nnext\n'));
    expect([line!.head.toString(), line!.tail!.toString()]).toEqual(['0123456789', ' end']);
  });
});

test('starts of the machine, as JSON and as the table of earlier versions', () => {
  const from = Date.parse('2026-11-29T05:24:20Z');
  expect(parseBoots(fixture('boots.json'))).toEqual([{ id: 'd442c52c8ab04727b72e63d39bd54a0e', from: from + 485, to: 1_795_931_824_094 }]);
  expect(parseBoots(fixture('boots.txt'))).toBeNull();
  expect(parseBootTable(fixture('boots.txt'))).toEqual([{ id: 'd442c52c8ab04727b72e63d39bd54a0e', from, to: Date.parse('2026-11-29T05:57:04Z') }]);
});

describe('S2 arguments', () => {
  test('values stand in the word of their option', () => {
    expect(filterArguments({ unit: 'a@b.service', identifier: '--version', priority: 3, boot: 'ab', since: 1500, until: 2001, kernel: true }))
      .toEqual(['--unit=a@b.service', '--identifier=--version', '--priority=3', '--since=@1.500000', '--until=@2.001999', '_TRANSPORT=kernel', '_BOOT_ID=ab']);
    expect(filterArguments({})).toEqual([]);
  });

  test('units that are patterns, options or none, and cursors that are none, are refused', () => {
    for (const unit of ['', '-u', '*', 'a?', '[a]', 'a b', 'a/b', 'a\nb']) expect(() => filterArguments({ unit })).toThrow(AppError);
    for (const cursor of ['', 's', 's=zz', 's=1;i=2\n', `s=${'a'.repeat(100)}`, 's=1 --all']) expect(() => checkCursor(cursor)).toThrow(AppError);
  });

  test('a text is itself in an expression', () => {
    expect(literalPattern('a.b*(c)[d]\\E"\'#包 -')).toBe('a\\.b\\*\\(c\\)\\[d\\]\\\\E\\"\\\'\\#包 \\-');
  });
});

import { describe, expect, test } from 'bun:test';
import type { Program } from '../../programs.ts';
import { unitFile } from '../../service.ts';
import { programSecrets, programUnit, readProgramUnit } from './programs.ts';
import { environmentLine, readEnvironment, readUnitWords, unitWord } from './unit-text.ts';

const PLAIN: Program = { name: 'worker', title: '', argv: ['/bin/sleep', '1'], user: '', folder: '', environment: [], restart: 'always', delay: 3, memory: null, cpu: null, tasks: null, boot: true };
const back = (program: Program) => readProgramUnit(program.name, programUnit(program), programSecrets(program), program.boot);

const NASTY = ['a b', '"q"', "it's", '$HOME', '${X}', '%n', '100%', '%%', '$$', 'back\\slash', '\\', '\\"', '', ' ', ';', '#c', '馒头', '=x', '-', '~', '*', '{}', '@', 'a;b', '\\x20', "'", '\u00a0', 'é'];

describe('S3 what is written is read again as it was', () => {
  test.each(NASTY)('a word: %p', (word) => {
    expect(readUnitWords(`/bin/x ${unitWord(word)} ${unitWord('next')}`)).toEqual(['/bin/x', word, 'next']);
    expect(back({ ...PLAIN, argv: ['/bin/x', word, 'last'] })?.argv).toEqual(['/bin/x', word, 'last']);
  });

  test.each([...NASTY, '`id`', '\\`', 'tab\there'])('a variable: %p', (value) => {
    expect(readEnvironment(environmentLine('A', value))).toEqual([{ name: 'A', value }]);
    expect(back({ ...PLAIN, environment: [{ name: 'A', value }, { name: 'B_TOKEN', value: 'x' }] })?.environment).toEqual([{ name: 'A', value }, { name: 'B_TOKEN', value: 'x' }]);
  });

  test('all of it', () => {
    const whole: Program = { ...PLAIN, title: '100% 馒头 $x', user: 'www-data', folder: '/srv/my shop %h', restart: 'on-failure', delay: 60, memory: 512, cpu: 150, tasks: 20, boot: false };
    expect(back(whole)).toEqual(whole);
    expect(back({ ...PLAIN, title: 'worker' })).toEqual({ ...PLAIN, title: 'worker' });
  });

  test('a line break, a NUL, another setting: refused before anything is written', () => {
    for (const bad of ['x\nExecStartPre=/bin/evil', 'x\r', 'x\0', 'x\x1b', 'x\u2028y', 'x\u2029']) {
      for (const program of [{ ...PLAIN, title: bad }, { ...PLAIN, argv: ['/bin/x', bad] }, { ...PLAIN, user: bad }, { ...PLAIN, folder: bad }]) expect(() => programUnit(program)).toThrow();
      expect(() => programSecrets({ ...PLAIN, environment: [{ name: 'A', value: bad }] })).toThrow();
    }
    for (const name of ['A B', 'A=B', '1A', '', 'A\nB']) expect(() => programSecrets({ ...PLAIN, environment: [{ name, value: '' }] })).toThrow();
  });

  test('a backslash at the end would swallow the setting below', () => {
    for (const bad of [{ title: 'x\\' }, { folder: '/srv/x\\' }, { folder: '/srv/x\\\\' }]) expect(() => programUnit({ ...PLAIN, ...bad })).toThrow();
    expect(() => unitFile({ executable: '/x', args: [], dataDir: '/var/lib/x\\' })).toThrow();
    expect(back({ ...PLAIN, title: 'a\\b', folder: '/srv/a\\b' })).toMatchObject({ title: 'a\\b', folder: '/srv/a\\b' });
  });

  test('S13 what it is told stands in the other file alone', () => {
    const program = { ...PLAIN, environment: [{ name: 'API_TOKEN', value: 'hunter2' }] };
    expect(programUnit(program)).not.toContain('hunter2');
    expect(programSecrets(program)).toBe('API_TOKEN="hunter2"\n');
  });

  test('a unit of somebody else is none of ours', () => expect(readProgramUnit('x', '[Service]\nExecStart=/bin/x\n', '', false)).toBeNull());
});

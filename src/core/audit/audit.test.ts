import { describe, expect, test } from 'bun:test';
import { csvField, exportText } from './export.ts';
import type { AuditRow } from './list.ts';

describe('a field of CSV', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    [null, ''],
    [0, '0'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['馒头', '馒头'],
    [' padded ', '" padded "'],
    [{ a: 1 }, '"{""a"":1}"'],
    [{}, '{}'],
  ])('%p is %p', (value, field) => expect(csvField(value)).toBe(field));

  test.each(['=1+1', '+1', '-1+1', '@SUM(A1)', '=cmd|\' /C calc\'!A0', '\t=1', '\r=1', ' =1', '＝1+1', '\n@x'])('S15 %p is no formula', (value) => {
    const field = csvField(value);
    expect(field.replace(/^"/, '')[0]).toBe("'");
  });
});

const row = (id: number, target: string): AuditRow => ({
  id, at: Date.UTC(2026, 0, 1), actor: 'lin', userId: 'u', ip: '10.0.0.1', action: 'users.create', target, result: 'ok', params: {}, commands: ['a', 'b'],
});

test('an export is a head and a line for each row, and is read back as it was', () => {
  const csv = [...exportText('csv', [[row(1, 'x"y')], [row(2, 'z')], []])].join('');
  expect(csv).toBe(
    '\ufeffid,at,actor,userId,ip,action,target,result,params,commands\r\n' +
      '1,2026-01-01T00:00:00.000Z,lin,u,10.0.0.1,users.create,"x""y",ok,{},"a\nb"\r\n' +
      '2,2026-01-01T00:00:00.000Z,lin,u,10.0.0.1,users.create,z,ok,{},"a\nb"\r\n',
  );
  const lines = [...exportText('jsonl', [[row(1, 'x\ny'), row(2, 'z')]])].join('').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).target)).toEqual(['x\ny', 'z']);
});

test('an export without rows is its head', () => {
  expect([...exportText('csv', [])]).toHaveLength(1);
  expect([...exportText('jsonl', [])]).toEqual([]);
});

import { expect, test } from 'bun:test';
import iconv from 'iconv-lite';
import { mixedReader, utf8Reader, type TextReader } from './mixed-text.ts';

const gbk = (text: string) => iconv.encode(text, 'cp936');
/** Given in pieces of so many bytes. */
function read(reader: TextReader, bytes: Uint8Array, size: number): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += size) text += reader.push(bytes.subarray(at, at + size));
  return text + reader.end();
}

/** Of sc.exe on a Chinese system, by the texts of netmsg.dll and advapi32.dll; `誠` and `亯` have the bytes of "\" and "|" as their second ones. */
const SC = '[SC] OpenService 失败 1060:\r\n\r\n指定的服务未安装。\r\n誠亯\r\n';

test('what is not UTF-8 is in the code page, line by line, whatever the pieces', () => {
  const bytes = Buffer.concat([gbk(SC), Buffer.from('UTF-8：馒头 \u{1f95f}\n'), gbk('拒绝访问。'), Buffer.from('\r'), Buffer.from('half 馒头')]);
  for (const size of [1, 2, 3, 7, 1000]) expect(read(mixedReader('cp936'), bytes, size), String(size)).toBe(`${SC}UTF-8：馒头 \u{1f95f}\n拒绝访问。\rhalf 馒头`);
  expect(read(mixedReader('cp850'), iconv.encode('Zugriff verweigert für Müller\n', 'cp850'), 3)).toBe('Zugriff verweigert für Müller\n');
});

test('letters of ASCII are told at once, also of a line that has not ended', () => {
  const reader = mixedReader('cp936');
  expect([reader.push(Buffer.from('  42 %')), reader.push(gbk('已完成')), reader.push(Buffer.from(' ok')), reader.push(Buffer.from('\r')), reader.end()]).toEqual(['  42 %', '', '', '已完成 ok\r', '']);
});

test('what a cap cut off within a character does not make the line another one', () => {
  const bytes = Buffer.from('错误：馒头');
  expect(read(mixedReader('cp936'), bytes.subarray(0, bytes.length - 1), 5)).toBe('错误：馒');
  expect(read(utf8Reader(), bytes.subarray(0, bytes.length - 1), 5)).toStartWith('错误：馒');
});

test('a line without an end is not held without end, and is read right on both sides of where it is cut', () => {
  const text = '数据 '.repeat(40_000);
  for (const bytes of [gbk(text), Buffer.from(text)]) {
    const reader = mixedReader('cp936');
    let first = '';
    for (let at = 0; at < bytes.length - 10; at += 5000) first ||= reader.push(bytes.subarray(at, Math.min(at + 5000, bytes.length - 10)));
    expect(first.length).toBeGreaterThan(10_000);
    expect(read(mixedReader('cp936'), bytes, 5000)).toBe(text);
  }
});

test('a mark of UTF-8 is none of the text; of a page that nobody knows, and of UTF-8 as one, only UTF-8 is read', () => {
  expect(read(mixedReader('cp936'), Buffer.from('\uFEFF馒\n头\n'), 4)).toBe('馒\n头\n');
  for (const page of ['cp65001', 'cp1', '']) expect(read(mixedReader(page), Buffer.from('馒头\n'), 1)).toBe('馒头\n');
});

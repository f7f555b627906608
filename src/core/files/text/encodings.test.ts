import { expect, test } from 'bun:test';
import { detect } from './detect.ts';
import { decode, encode, ENCODINGS, isUnwritable, type TextEncoding } from './encodings.ts';
import { lineEndOf, withLineEnds } from './line-ends.ts';

const CHINESE = '配置文件说明\n服务器监听的端口是八千。\n不要在生产环境中修改这个值，除非你知道自己在做什么。\n';
const TAIWAN = '設定檔說明\n伺服器監聽的埠是八千。\n除非你知道自己在做什麼，否則不要在正式環境中修改這個值。\n';
const JAPANESE = '設定ファイルの説明です。\nサーバーが待ち受けるポートは八千番です。\nこの値を本番環境で変更しないでください。\n';
const KOREAN = '설정 파일 설명입니다.\n서버가 기다리는 포트는 팔천 번입니다.\n운영 환경에서 이 값을 바꾸지 마십시오.\n';
const FRENCH = 'Fichier de réglages : le port est à huit mille. Élève, où êtes-vous ? Ça va, à bientôt.\n';
const RUSSIAN = 'Описание файла настроек. Сервер слушает порт восемь тысяч. Не меняйте это значение.\n';

/** Bytes as iconv of the C library makes them: nothing here trusts the encoder that is tested. */
function iconv(text: string, to: string): Buffer {
  const run = Bun.spawnSync(['/usr/bin/iconv', '-f', 'UTF-8', '-t', to], { stdin: Buffer.from(text), stderr: 'pipe' });
  if (run.exitCode !== 0) throw new Error(run.stderr.toString());
  return Buffer.from(run.stdout);
}

const REAL: readonly [TextEncoding, string, string][] = [
  ['utf-8', 'UTF-8', CHINESE + '🥟\n'], ['utf-16le', 'UTF-16LE', 'port = 8000\n' + CHINESE], ['utf-16be', 'UTF-16BE', 'port = 8000\n' + CHINESE],
  ['gb18030', 'GB18030', CHINESE + '🥟㐀\n'], ['gbk', 'GBK', CHINESE], ['big5', 'BIG5', TAIWAN], ['shift_jis', 'CP932', JAPANESE], ['euc-jp', 'EUC-JP', JAPANESE],
  ['euc-kr', 'EUC-KR', KOREAN], ['latin1', 'ISO-8859-1', FRENCH], ['windows-1252', 'CP1252', FRENCH + 'Prix : 5 € — “bon”\n'], ['windows-1251', 'CP1251', RUSSIAN],
];

test.each(REAL)('%s: what iconv wrote is read, and written back byte for byte', (encoding, name, text) => {
  const bytes = iconv(text, name);
  const found = decode(bytes, encoding);
  expect(found).toEqual({ text, bom: false, exact: true });
  expect(encode(found.text, encoding, false)).toEqual(bytes);
});

test.each(REAL)('%s is found out without being told', (encoding, name, text) => {
  const found = detect(iconv(text, name));
  // UTF-16 without a mark is only known by its Latin letters; here every fifth character is one.
  if (encoding.startsWith('utf-16')) return expect(found.binary || found.encoding === encoding).toBe(true);
  expect(found).toMatchObject({ encoding, text, binary: false, exact: true });
});

test('every encoding on offer is tried above', () => expect(REAL.map(([id]) => id).sort()).toEqual([...ENCODINGS].sort()));

test.each(['中文', '# 端口\nport=80\n', '你好，世界'])('a few Chinese words in GBK are taken for GBK: %s', (text) => {
  expect(detect(iconv(text, 'GBK'))).toMatchObject({ encoding: 'gbk', text, exact: true });
});

test('UTF-16 without a byte order mark is known by its NULs', () => {
  expect(detect(iconv('[Unit]\nDescription=馒头\n', 'UTF-16LE'))).toMatchObject({ encoding: 'utf-16le', binary: false });
  expect(detect(iconv('[Unit]\nDescription=馒头\n', 'UTF-16BE'))).toMatchObject({ encoding: 'utf-16be', binary: false });
});

test.each([['utf-8', 'efbbbf'], ['utf-16le', 'fffe'], ['utf-16be', 'feff']] as const)('the byte order mark of %s is kept', (encoding, mark) => {
  const bytes = encode('a=1\n馒头\n', encoding, true) as Buffer;
  expect(bytes.toString('hex')).toStartWith(mark);
  const found = detect(bytes);
  expect(found).toMatchObject({ encoding, bom: true, text: 'a=1\n馒头\n', exact: true, binary: false });
  expect(encode(found.text, found.encoding, found.bom)).toEqual(bytes);
  expect(encode(found.text, found.encoding, false)).toEqual(bytes.subarray(mark.length / 2));
});

test('a byte that does not decode is said, never replaced in silence', () => {
  const broken = Buffer.concat([Buffer.from('ünïcode line one, ünïcode line two\n'.repeat(5)), Buffer.of(0xff), Buffer.from('more ünïcode\n')]);
  expect(detect(broken)).toMatchObject({ encoding: 'utf-8', exact: false });
  for (const encoding of ['utf-8', 'gbk', 'gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr', 'utf-16le', 'utf-16be'] as const)
    expect(decode(Buffer.of(0x41, 0xff, 0xff), encoding).exact, encoding).toBe(false);
});

test.each([
  ['an ELF file', Buffer.from('7f454c4602010100000000000000000003003e0001000000', 'hex')],
  ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ['NUL in the middle', Buffer.from('text\0text\n')],
])('%s is no text', (_what, bytes) => expect(detect(bytes).binary).toBe(true));

test('every encoding gives back all of 2,000 random byte strings, or says that it does not', () => {
  let seed = 7;
  const next = () => (seed = (seed * 48271) % 0x7fffffff) % 256;
  for (const encoding of ENCODINGS) {
    for (let i = 0; i < 2000; i++) {
      const bytes = Buffer.from(Array.from({ length: 1 + (i % 9) }, next));
      const found = decode(bytes, encoding);
      if (!found.exact) continue;
      const back = encode(found.text, encoding, found.bom);
      expect(isUnwritable(back) ? back : back.toString('hex'), encoding).toBe(bytes.toString('hex'));
    }
  }
});

test.each([
  ['latin1', 'a\nb 馒', 2, 3, '馒'], ['gbk', 'x\n\nyz🥟', 3, 3, '🥟'], ['big5', '说', 1, 1, '说'], ['shift_jis', 'テスト\r\n한', 2, 1, '한'], ['windows-1251', 'é', 1, 1, 'é'],
] as const)('%s has no bytes for a character of %j: it is pointed at', (encoding, text, line, column, char) => {
  expect(encode(text, encoding, false)).toEqual({ line, column, char });
});

test('line ends are seen, kept and changed on purpose', () => {
  expect(['', 'a', 'a\nb\n', 'a\r\nb\r\n', 'a\rb\r', 'a\r\nb\n', 'a\rb\n', 'a\n\rb'].map(lineEndOf)).toEqual(['lf', 'lf', 'lf', 'crlf', 'cr', 'mixed', 'mixed', 'mixed']);
  expect(withLineEnds('a\r\nb\nc\rd', 'mixed')).toBe('a\r\nb\nc\rd');
  expect(withLineEnds('a\r\nb\nc\rd', 'crlf')).toBe('a\r\nb\r\nc\r\nd');
  expect(withLineEnds('a\r\nb\nc\rd', 'lf')).toBe('a\nb\nc\nd');
});

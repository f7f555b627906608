import { describe, expect, test } from 'bun:test';
import { Terminal } from '@xterm/headless';
// @ts-expect-error: runs in browsers, is JavaScript as it lies there
import { wireClipboard } from '../../public/js/terminal/offered-clipboard.js';
// @ts-expect-error: runs in browsers, is JavaScript as it lies there
import { filled, placesOf, quoted } from '../../public/js/terminal/snippets/placeholders.js';
// @ts-expect-error: likewise
import { isReply, linesOf, shownText, translated, withoutKeys } from '../../public/js/terminal/typed.js';

describe('placeholders of snippets', () => {
  test('are found once each, in order, with what they begin with', () => {
    expect(placesOf('cp {{from}} {{to:/tmp}} && ls {{from}}')).toEqual([{ name: 'from', value: '' }, { name: 'to', value: '/tmp' }]);
    expect(placesOf('{{ port:8080 }} {{端口}} {{a b}}').map(({ name }: { name: string }) => name)).toEqual(['port', '端口', 'a b']);
    expect(placesOf('curl {{url:http://127.0.0.1:8080/}}')).toEqual([{ name: 'url', value: 'http://127.0.0.1:8080/' }]);
  });

  test.each([["docker ps --format '{{.Names}}'"], ['{{}}'], ['{{ json . }}'], ['{name}'], ['{{a\nb}}'], ['{{#if}}']])('%j has none', (text) => {
    expect(placesOf(text)).toEqual([]);
    expect(filled(text, {}, true)).toBe(text);
  });

  test('S1 S2 a value is one word of the shell, whatever it is', async () => {
    const values = ["it's", '$(touch /tmp/never)', '`id`', 'a b', '', '"', '\\', "'; echo no #", '*', '~', '!x', '名', 'plain-1.2/3', '=ls', "''"];
    for (const value of values) {
      const child = Bun.spawn(['/bin/sh', '-c', filled("printf '<%s>' {{v}} end", { v: value }, true)], { stdout: 'pipe', env: {} });
      expect(await child.stdout.text(), value).toBe(`<${value}><end>`);
    }
    expect(quoted('plain-1.2/3')).toBe('plain-1.2/3');
  });

  test('S1 a value stays a value where the snippet has quotes around it', async () => {
    const values = ["it's", '$(touch /tmp/never)', '`id`', '"; id; "', "'; id; '", '\\', '$HOME', 'plain', ''];
    const snippets: [string, string][] = [
      ["printf '<%s>' '{{v}}'", '<V>'], ['printf "<%s>" "{{v}}"', '<V>'], ['printf "<%s>" "a {{v}} b" {{v}}', '<a V b><V>'], ["printf '<%s>' 'a {{v}} b'", '<a V b>'],
      ['printf "<%s>" "$(printf %s {{v}})"', '<V>'], ['printf "<%s>" "$(printf %s "{{v}}")"', '<V>'], ['printf "<%s>" "$(printf %s "a" {{v}} "b")"', '<aVb>'],
      ["# don't\nprintf '<%s>' {{v}}", '<V>'], ["cat > /dev/null <<E\nit's\nE\nprintf %s {{v}}", 'V'], ['cat > /dev/null <<E\n5" \nE\nprintf %s {{v}}', 'V'],
      ["printf %s \\' {{v}}", "'V"], ['printf %s \\" {{v}}', '"V'], ["printf %s a#'b' '{{v}}'", 'a#bV'], ["x='a'; printf %s \"$x {{v}}\"", 'a V'], ['(printf %s "{{v}}")', 'V'],
    ];
    for (const [snippet, shown] of snippets) {
      for (const value of values) {
        const child = Bun.spawn(['/bin/sh', '-c', filled(snippet, { v: value }, true)], { stdout: 'pipe', stderr: 'ignore', env: {} });
        expect([snippet, value, await child.stdout.text()]).toEqual([snippet, value, shown.replaceAll('V', () => value)]);
      }
    }
  });

  test('a value has no keys in it, quoted or not', () => {
    expect(filled('{{v}}', { v: 'a\x03\x1b[A\rb\nc' }, false)).toBe('a[Abc');
    expect(filled('{{v}}', { v: 'a\rb' }, true)).toBe('ab');
  });

  test('what is put in is not read again', () => {
    expect(filled('{{a}} {{b}}', { a: '{{b}}', b: 'x' }, false)).toBe('{{b}} x');
    expect(filled('{{a}}', { a: '$&$1' }, false)).toBe('$&$1');
  });
});

describe('what is typed into several terminals', () => {
  test.each([['\x1b[?1;2c'], ['\x1b[>0;276;0c'], ['\x1b[0n'], ['\x1b[24;80R'], ['\x1b[?2026;2$y'], ['\x1b[I'], ['\x1b[O'], ['\x1b[<0;10;5M'], ['\x1b[M !!'], ['\x1b[8;24;80t'], ['\x1b]10;rgb:ff/ff/ff\x1b\\'], ['\x1bP1$r0m\x1b\\']])('%j is what a screen says by itself', (text) => {
    expect(isReply(text)).toBe(true);
  });

  test.each([['a'], ['\r'], ['\x1b'], ['\x1b[A'], ['\x1bOA'], ['\x1b[3~'], ['\x1b[1;5C'], ['\x1b[200~text\x1b[201~'], ['\x03'], ['\x1bb'], ['名'], ['\x1b[Z'], ['\x1bOP'], ['\x1bP'], ['\x1b]'], ['\x1b[15~']])('%j is a key', (text) => {
    expect(isReply(text)).toBe(false);
  });

  test('cursor keys are said as each program asked for them', () => {
    expect(translated('\x1b[A', true)).toBe('\x1bOA');
    expect(translated('\x1bOD', false)).toBe('\x1b[D');
    expect(translated('\x1b[1;5C', true)).toBe('\x1b[1;5C');
    expect(translated('A', true)).toBe('A');
  });
});

describe('what is pasted', () => {
  test.each(['\r', '\n', '\r\n'])('S15 lines are what Enter would be pressed for: %j', (end) => {
    expect(linesOf(`rm -rf /${end}ls`)).toBe(2);
    expect(linesOf(`ls${end}`)).toBe(1);
    expect(linesOf(`ls${end}${end}`)).toBe(2);
  });

  test('S15 keys in it are left out, and the end of a paste with them', () => {
    expect(withoutKeys('a\x1b[201~id\r\x9b201~id\n\x03\x04\x15\x7f\tb')).toBe('a[201~id\r201~id\n\tb');
  });

  test('S15 a question shows what is there: directions, what does not show, and the end of what is long', () => {
    expect(shownText('ls \u202e# fr- mr\u2066\u200b\x1b\u2028', 100)).toBe('ls ⟨U+202E⟩# fr- mr⟨U+2066⟩⟨U+200B⟩⟨U+001B⟩⟨U+2028⟩');
    expect(shownText('a\rb\r\nc\td', 100)).toBe('a\nb\nc\td');
    expect(shownText(`begin${'x'.repeat(9000)}end`, 4000)).toMatch(/^beginx{2995}\n⋯ 5008 ⋯\nx{997}end$/);
  });
});

describe('what a program says to the clipboard', () => {
  async function told(...texts: string[]) {
    const term = new Terminal({ allowProposedApi: true, logLevel: 'off' });
    const [offered, typed]: [string[], string[]] = [[], []];
    let now = 0;
    let yes = false;
    wireClipboard(term, async (text: string) => (offered.push(text), yes), () => false, () => now);
    term.onData((text) => typed.push(text));
    const say = (text: string) => new Promise<void>((resolve) => term.write(text, resolve));
    for (const text of texts) await say(text);
    return { offered, typed, say, pass: (ms: number) => (now += ms), agree: () => (yes = true) };
  }

  test('S15 a question is not answered: nothing of it is typed', async () => {
    const { offered, typed } = await told('\x1b]52;c;?\x07', '\x1b]52;$(touch /tmp/never) | sh #;?\x07', '\x1b]52;?\x07', '\x1b]52;;?;?\x1b\\', '\x1b]52;c;!!\x07');
    expect([offered, typed]).toEqual([[], []]);
  });

  test('S15 a text is offered; who was refused does not ask again at once', async () => {
    const { offered, say, pass, agree } = await told('\x1b]52;c;6aaS5aS0\x07', '\x1b]52;c;aGVsbG8=\x07'.repeat(1000));
    expect(offered).toEqual(['馒头']);
    pass(60_000);
    agree();
    await say('\x1b]52;c;aGVsbG8=\x07');
    await say('\x1b]52;c;YWdhaW4=\x07');
    expect(offered).toEqual(['馒头', 'hello', 'again']);
  });
});

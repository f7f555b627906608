import { describe, expect, test } from 'bun:test';
import { INCLUDE, MAIN, OWN, parseEffective, parseLine, readLines, withOwn } from './config.ts';
import { settingsOf } from './settings.ts';

const OTHER = '/etc/ssh/sshd_config.d/50-cloud-init.conf';
const texts = (files: Record<string, string>) => new Map(Object.entries(files));
/** What counts of a keyword, as sshd reads it: every line of it, in order. */
const of = (files: ReadonlyMap<string, string>, keyword: string) => readLines(files).filter((line) => line.keyword === keyword && !line.match).map(({ args }) => args.join(' '));

test.each([
  ['Port 22', 'port', ['22']], ['  PORT=2222', 'port', ['2222']], ['Port\t22\r', 'port', ['22']], ['Port = 22', 'port', ['22']],
  ['ListenAddress "10.0.0.1"  # inside', 'listenaddress', ['10.0.0.1']], ['AllowUsers lin "eva chen"', 'allowusers', ['lin', 'eva chen']],
] as const)('a line: %j', (text, keyword, args) => expect(parseLine(text)).toEqual({ keyword, args: [...args] }));

test.each(['', '#Port 22', '   # Port 22', 'Port', '\t'])('no line: %j', (text) => expect(parseLine(text)).toBeNull());

describe('in the order in which sshd reads them', () => {
  test('included files stand where their Include does, sorted, hidden ones left out', () => {
    const files = texts({
      [MAIN]: 'X11Forwarding no\nInclude sshd_config.d/*.conf\nPort 1', [OTHER]: 'Port 3', '/etc/ssh/sshd_config.d/10-a.conf': 'Port 2', '/etc/ssh/sshd_config.d/.hidden.conf': 'Port 9', '/etc/ssh/other': 'Port 8',
    });
    expect(of(files, 'port')).toEqual(['2', '3', '1']);
    expect(readLines(files).find(({ args }) => args[0] === '3')).toMatchObject({ file: OTHER, line: 1 });
  });

  test('a Match block ends with its file, with “Match all”, or with the next', () => {
    const files = texts({ [MAIN]: `${INCLUDE}\nPort 1\nMatch User lin\nPermitRootLogin yes\nMatch all\nX11Forwarding no\nMatch Group x\nInclude /etc/ssh/inner`, [OTHER]: 'Match User eva\nMaxAuthTries 1', '/etc/ssh/inner': 'MaxAuthTries 2\nMatch all\nMaxAuthTries 3' });
    expect([of(files, 'port'), of(files, 'permitrootlogin'), of(files, 'x11forwarding'), of(files, 'maxauthtries')]).toEqual([['1'], [], ['no'], []]);
  });

  test('S22 a file that includes itself ends', () => {
    expect(readLines(texts({ [MAIN]: 'Include /etc/ssh/sshd_config\nPort 1' })).length).toBeLessThan(100);
  });
});

describe('what is set', () => {
  const own = [['Port', '2222'], ['PermitRootLogin', 'no']] as const;

  test('where nobody else sets it, only the panel’s own file is written', () => {
    const before = texts({ [MAIN]: `${INCLUDE}\n#Port 22\nX11Forwarding yes\n` });
    const after = withOwn(before, own);
    expect([...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path)).toEqual([OWN]);
    expect([of(after, 'port'), of(after, 'permitrootlogin')]).toEqual([['2222'], ['no']]);
  });

  test('all other ports become comments, since every one of them counts; of the rest only what is read before', () => {
    const before = texts({ [MAIN]: `PermitRootLogin yes\n${INCLUDE}\nPort 22\nPermitRootLogin yes\n`, [OTHER]: 'Port 23\nPermitRootLogin yes\n', '/etc/ssh/sshd_config.d/00-a.conf': 'PermitRootLogin yes\n' });
    const after = withOwn(before, own);
    expect([of(after, 'port'), of(after, 'permitrootlogin')[0]]).toEqual([['2222'], 'no']);
    expect(after.get(MAIN)).toBe(`# Set in 00-mantou.conf: PermitRootLogin yes\n${INCLUDE}\n# Set in 00-mantou.conf: Port 22\nPermitRootLogin yes\n`);
    expect(after.get(OTHER)).toBe('# Set in 00-mantou.conf: Port 23\nPermitRootLogin yes\n');
    expect(after.get('/etc/ssh/sshd_config.d/00-a.conf')).toBe('# Set in 00-mantou.conf: PermitRootLogin yes\n');
  });

  test('a main file that includes nothing gets its Include, first', () => {
    const after = withOwn(texts({ [MAIN]: 'Port 22\n' }), own);
    expect(after.get(MAIN)).toBe(`${INCLUDE}\n# Set in 00-mantou.conf: Port 22\n`);
    expect(of(after, 'port')).toEqual(['2222']);
  });

  test('an Include in a Match block does not count', () => {
    const after = withOwn(texts({ [MAIN]: `Match User lin\n${INCLUDE}\n` }), own);
    expect(of(after, 'port')).toEqual(['2222']);
  });

  test('addresses that are taken away become comments', () => {
    const after = withOwn(texts({ [MAIN]: `${INCLUDE}\nListenAddress 10.0.0.1\n` }), [], ['ListenAddress']);
    expect(of(after, 'listenaddress')).toEqual([]);
  });

  test('blocks for some connections stay', () => {
    const match = 'Match User backup\nPermitRootLogin yes\nPort 1\n';
    expect(withOwn(texts({ [MAIN]: `${INCLUDE}\n${match}` }), own).get(MAIN)).toBe(`${INCLUDE}\n${match}`);
  });

  test('twice is the same as once', () => {
    const once = withOwn(texts({ [MAIN]: 'Port 22\nPermitRootLogin yes\n', [OTHER]: 'Port 23' }), own);
    expect(withOwn(once, own)).toEqual(once);
  });
});

test('what sshd -T says becomes settings', () => {
  const effective = parseEffective('port 22\nport 2222\nlistenaddress [::]:22\npermitrootlogin without-password\npasswordauthentication yes\npubkeyauthentication no\nkbdinteractiveauthentication no\nallowtcpforwarding local\nx11forwarding yes\nmaxauthtries 6\nmodulifile /etc/ssh/moduli\n');
  expect(settingsOf(effective, readLines(texts({ [MAIN]: 'ListenAddress 10.0.0.1:2200\n' })))).toEqual({
    ports: [22, 2222], listenAddresses: ['10.0.0.1:2200'], permitRootLogin: 'prohibit-password', passwordAuthentication: true, pubkeyAuthentication: false,
    kbdInteractiveAuthentication: false, allowTcpForwarding: 'local', x11Forwarding: true, maxAuthTries: 6, allowGroups: [],
  });
});

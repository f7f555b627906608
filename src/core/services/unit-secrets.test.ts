import { expect, test } from 'bun:test';
import { hideInText, hideInUnit } from './unit-secrets.ts';

/** Each holds "geheim" where a secret is, and "open" where none is. */
const UNITS = {
  'a word': 'Environment=DB_PASS=geheim A=open',
  'in quotes': `Environment="DB_PASSWORD=geheim" 'API_KEY=geheim' "A=open" 'B=open'`,
  'quotes inside': `Environment='DB_PASSWORD=ge"heim geheim' "SENTRY_DSN=ge'heim geheim" A=open`,
  'quotes after the name': `Environment=DB_PASSWORD="a geheim b" A=open`,
  'escaped quotes': 'Environment="DB_PASSWORD=a \\" geheim" A=open',
  'a quote that is not closed': 'Environment=A=open "DB_PASSWORD=a geheim',
  'equal signs in the value': 'Environment="DB_PASSWORD=a=b geheim=c" A=open',
  'continued lines': 'Environment=A=open \\\n  DB_PASS=geheim \\\n  B=open\nEnvironment=C=open',
  'continued, with Windows line ends': 'Environment=A=open \\\r\n  DB_PASS=geheim\r\nUser=open\r\n',
  'continued within quotes': 'Environment="DB_PASS=a \\\n  geheim" A=open',
  'comments between continued lines': 'Environment=A=open \\\n# open\n  DB_PASS=geheim',
  'separators that end a line elsewhere': 'Environment="DB_PASS=a\u2028geheim" A=open',
  'commented out': '#Environment=DB_PASS=geheim A=open\n; ExecStart=/open --password geheim',
  'an option': 'ExecStart=/open --password geheim --open',
  'an option and its value in quotes': `ExecStart="/open" "--db-password" 'a geheim b' "--api-key=a geheim" open`,
  'an option, continued': 'ExecStart=/open --token \\\n  geheim \\\n  open',
  'a script': `ExecStart=/bin/sh -c 'PGPASSWORD=geheim psql'`,
  'a script with more': `ExecStart=/bin/sh -c 'cd /open; export DB_PASS="a geheim" && exec run --api-key geheim'`,
  'a script in a script': `ExecStart=/bin/sh -c "su open -c 'DB_PASS=geheim run'"`,
  'variables of env': 'ExecStart=/usr/bin/env DB_PASS=geheim SENTRY_DSN=geheim /open',
  'variables of an option': 'ExecStart=/usr/bin/docker run -e DB_PASS=geheim --env=SENTRY_DSN=geheim open',
  'a header': 'ExecStart=/usr/bin/curl -H "Authorization: Bearer geheim" https://open/',
  'an address': 'ExecStart=/open postgres://u:geheim@open/db',
  'a credential': 'SetCredential=open:geheim geheim',
  'a credential, continued': 'SetCredentialEncrypted=open: \\\n  geheim \\\n  geheim\nUser=open',
  'a credential without a name': 'SetCredential=geheim\nUser=open',
  'options of a mount': 'Options=username=open,password=geheim,vers=3.0',
};
test.each(Object.entries(UNITS))('S13 a secret in a unit is not shown: %s', (_, unit) => {
  const shown = hideInUnit(unit);
  expect(shown).toContain('•••');
  expect(shown).not.toContain('geheim');
  expect(shown.split('open').length).toBe(unit.split('open').length);
});

test('S13 what is none stays as it is, to the last space', () => {
  const unit = `# A comment, with "quotes' in it
[Unit]
Description=Let's try: a "unit" \\
  that continues

[Service]
PrivateTmp=yes
Environment="A=b c" 'D=e "f"'  G=h\\x20i
ExecStart=-/usr/bin/run --port 80 --password-file /etc/x "two words" $OPTIONS \\
  ; /bin/sh -c 'a && b | c > /dev/null'
WorkingDirectory=C:\\Program Files\\x
`;
  expect(hideInUnit(unit)).toBe(unit);
  expect(hideInUnit('')).toBe('');
});

test('S13 a command in one line', () => {
  expect(hideInText('/bin/sh -c DB_PASS=geheim run')).toBe('/bin/sh -c DB_PASS=••• run');
  expect(hideInText(`"C:\\Program Files\\x\\" --password geheim`)).not.toContain('geheim');
  expect(hideInText(`"C:\\Program Files\\x\\x.exe" -k open`)).toBe(`"C:\\Program Files\\x\\x.exe" -k open`);
});

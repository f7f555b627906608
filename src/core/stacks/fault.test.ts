import { expect, test } from 'bun:test';
import { readFault } from './fault.ts';
import { readVersion } from './compose.ts';
import { warningsOf } from './validate.ts';

const FILE = '/srv/shop/compose.yml';
const read = (output: string, text = '') => readFault(output, { [FILE]: text });

// Captured from docker-compose 1.29.2; the folder was another.
test('what 1.29 says of broken YAML names the line where it noticed', () => {
  const block = `yaml.parser.ParserError: while parsing a block mapping\n  in "${FILE}", line 2, column 3\nexpected <block end>, but found '<block mapping start>'\n  in "${FILE}", line 4, column 4\n`;
  expect(read(block)).toEqual({ message: block.trim(), file: FILE, line: 4 });
  const tab = `yaml.scanner.ScannerError: while scanning for the next token\nfound character '\\t' that cannot start any token\n  in "${FILE}", line 4, column 1\n`;
  expect(read(tab)).toMatchObject({ file: FILE, line: 4 });
});

test('what 1.29 says of keys that it does not know is found in the text', () => {
  const text = 'services:\n  db:\n    image: y\n  web:\n    image: x\n    imge: 1\n    ports: 5\n';
  expect(read(`The Compose file '${FILE}' is invalid because:\nUnsupported config option for services.web: 'imge'\n`, text)).toMatchObject({ file: FILE, line: 6 });
  expect(read(`The Compose file '${FILE}' is invalid because:\nservices.web.ports contains an invalid type, it should be an array\n`, text)).toMatchObject({ line: 7 });
  expect(read('Missing mandatory value for "image" option interpolating ${X?must} in service "web": must\n', text)).toMatchObject({ file: FILE, line: 4 });
});

// Captured from docker compose 2.26.1; the folder was another.
test('what 2.x says of broken YAML is found by reading it: its own count of lines is not that of the file', () => {
  expect(read('yaml: line 1: did not find expected key\n', 'services:\n  web:\n    image: x\n   bad: 1\n')).toMatchObject({ file: FILE, line: 4 });
  expect(read('yaml: line 3: found a tab character that violates indentation\n', 'services:\n  web:\n    image: x\n\tbad: 1\n')).toMatchObject({ line: 4 });
  expect(read("yaml: line 1: did not find expected ',' or '}'\n", 'services:\n  web: {image: x\n  b:\n    image: y\n')).toMatchObject({ line: 3 });
  expect(read('yaml: line 1: did not find expected node content\n', 'services: [\n')).toMatchObject({ line: 1 });
  expect(read('yaml: unmarshal errors:\n  line 4: mapping key "image" already defined at line 3\n', 'services:\n  web:\n    image: x\n    image: y\n')).toMatchObject({ line: 4 });
  // Of several files it is the one that is none.
  expect(readFault('yaml: line 1: did not find expected key\n', { [FILE]: 'services: {}\n', '/srv/shop/more.yml': 'a:\n  b: 1\n c: 2\n', '/srv/shop/.env': 'A=1\n' })).toMatchObject({ file: '/srv/shop/more.yml', line: 3 });
});

test('what 2.x says of names, values and files is found in the text', () => {
  const text = 'services:\n  db:\n    image: y\n  web:\n    image: x\n    imge: 1\n    mem_limit: lots\n    env_file: [web.env]\n';
  const line = (output: string) => readFault(output, { [FILE]: text, '/srv/shop/.env': 'A=1\nB="x\n' });
  expect(line(`validating ${FILE}: services.web Additional property imge is not allowed\n`)).toMatchObject({ file: FILE, line: 6 });
  expect(line("decoding failed due to the following error(s):\n\nerror decoding 'services[web].mem_limit': invalid size: 'lots'\n")).toMatchObject({ file: FILE, line: 7 });
  expect(line('service "web" depends on undefined service "nowhere": invalid compose project\n')).toMatchObject({ line: 4 });
  expect(line('error while interpolating services.web.image: required variable X is missing a value: must\n')).toMatchObject({ line: 5 });
  expect(line('env file /srv/shop/web.env not found: stat /srv/shop/web.env: no such file or directory\n')).toMatchObject({ file: FILE, line: 8 });
  expect(line("Couldn't find env file: /srv/shop/web.env\n")).toMatchObject({ file: FILE, line: 8 });
  expect(line('env file /srv/shop/.env not found: stat /srv/shop/.env: no such file or directory\n')).toMatchObject({ file: FILE });
  expect(line('failed to read /srv/shop/.env: line 2: unterminated quoted value "x\n')).toMatchObject({ file: '/srv/shop/.env', line: 2 });
});

test('a message that names nothing has no line, and of several files none is guessed', () => {
  expect(read(`Top level object in '${FILE}' needs to be an object not '<class 'NoneType'>'.\n`)).toMatchObject({ file: FILE, line: null });
  expect(readFault('no such thing', { '/a.yml': '', '/b.yml': '' })).toEqual({ message: 'no such thing', file: null, line: null });
});

test('warnings are no faults, and are told apart', () => {
  // Captured from docker-compose 1.29.2.
  const warned = 'WARNING: The WHO variable is not set. Defaulting to a blank string.\n';
  expect(warningsOf(warned + warned)).toEqual(['The WHO variable is not set. Defaulting to a blank string.']);
  expect(read(`${warned}no such thing`).message).toBe('no such thing');
});

test('versions of both tools', () => {
  expect(['1.29.2\n', 'v2.39.1\n', '2.27.0-desktop.2', 'docker: unknown command'].map(readVersion)).toEqual(['1.29.2', '2.39.1', '2.27.0', null]);
});

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

/**
 * Names that the text editor's modules import, beside those of every page: only its pages get them. CodeMirror comes as its
 * packages publish it, unbundled: the core at once, a language when a file of it is opened (scripts/codemirror.ts copies them).
 */
const PACKAGES = [
  'style-mod', 'w3c-keyname', 'crelt', '@marijn/find-cluster-break', '@replit/codemirror-vim',
  '@replit/codemirror-vim-core', 'node-diff3',
];

const CODEMIRROR = [
  'autocomplete', 'commands', 'language', 'language-data', 'lint', 'merge', 'search', 'state', 'streamparser', 'view',
  'lang-angular', 'lang-cpp', 'lang-css', 'lang-go', 'lang-html', 'lang-java', 'lang-javascript', 'lang-jinja', 'lang-json',
  'lang-less', 'lang-liquid', 'lang-markdown', 'lang-php', 'lang-python', 'lang-rust', 'lang-sass', 'lang-sql', 'lang-vue',
  'lang-wast', 'lang-xml', 'lang-yaml',
];

const LEZER = [
  'common', 'cpp', 'css', 'go', 'highlight', 'html', 'java', 'javascript', 'json', 'lr', 'markdown', 'php', 'python', 'rust',
  'sass', 'xml', 'yaml',
];

/** Those of @codemirror/legacy-modes that language-data knows files of, and what they import from each other. */
const MODES = [
  'apl', 'asciiarmor', 'asn1', 'asterisk', 'brainfuck', 'clike', 'clojure', 'cmake', 'cobol', 'coffeescript', 'commonlisp',
  'crystal', 'css', 'cypher', 'd', 'diff', 'dockerfile', 'dtd', 'dylan', 'ebnf', 'ecl', 'eiffel', 'elm', 'erlang', 'factor',
  'fcl', 'forth', 'fortran', 'gas', 'gherkin', 'groovy', 'haskell', 'haxe', 'http', 'idl', 'javascript', 'julia',
  'livescript', 'lua', 'mathematica', 'mbox', 'mirc', 'mllike', 'modelica', 'mscgen', 'mumps', 'nginx', 'nsis', 'ntriples', 'octave',
  'oz', 'pascal', 'perl', 'pig', 'powershell', 'properties', 'protobuf', 'pug', 'puppet', 'python', 'q', 'r', 'rpm', 'ruby',
  'sas', 'scheme', 'shell', 'sieve', 'simple-mode', 'smalltalk', 'solr', 'sparql', 'spreadsheet', 'sql', 'stex', 'stylus',
  'swift', 'tcl', 'textile', 'tiddlywiki', 'tiki', 'toml', 'troff', 'ttcn', 'ttcn-cfg', 'turtle', 'vb', 'vbscript',
  'velocity', 'verilog', 'vhdl', 'webidl', 'xquery', 'yacas', 'z80',
];

const fileOf = (name: string) => `vendor/codemirror/${name.replace(/^@codemirror\//, '').replace(/^@/, '').replaceAll('/', '-')}.js`;

/** Name → file below public/. The older languages import each other as `./name.js`, so they keep their names in a folder. */
export const EDITOR_IMPORTS: Readonly<Record<string, string>> = Object.fromEntries([
  ...[...PACKAGES, ...CODEMIRROR.map((name) => `@codemirror/${name}`), ...LEZER.map((name) => `@lezer/${name}`)].map((name) => [name, fileOf(name)]),
  ...MODES.map((name) => [`@codemirror/legacy-modes/mode/${name}`, `vendor/codemirror/mode/${name}.js`]),
]);

import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { VERBS } from '../../src/platform/windows/powershell/verbs.ts';
import { root, sources } from './tree.ts';

const HOST = 'src/platform/ps1/host.ps1';
const ps1 = sources('src/platform/ps1', /\.ps1$/);

let parser: Parser | undefined;

async function parse(text: string): Promise<Node> {
  if (!parser) {
    await Parser.init();
    parser = new Parser();
    parser.setLanguage(await Language.load(join(root, 'node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm')));
  }
  return parser.parse(text)!.rootNode;
}

const at = (node: Node) => `${node.startPosition.row + 1}:${node.startPosition.column + 1} ${node.text.slice(0, 60)}`;
const kinds = (node: Node, kind: string): Node[] => node.descendantsOfType(kind).filter((each): each is Node => each !== null);

/** Where the grammar does not understand the text, as "line:column text". */
async function faults(text: string): Promise<string[]> {
  const found: string[] = [];
  const walk = (node: Node) => {
    if (node.isError || node.isMissing) found.push(at(node));
    else if (node.hasError) for (const child of node.children) if (child) walk(child);
  };
  walk(await parse(text));
  return found;
}

/** Commands by another form of name than Verb-Noun: aliases, which differ from version to version, and programs, which print for people. */
async function commands(text: string): Promise<string[]> {
  return kinds(await parse(text), 'command_name').filter((node) => !/^[A-Z][A-Za-z]+-[A-Z]\w+$/.test(node.text)).map(at);
}

/** Parameters without a type: PowerShell would take anything for them. */
async function untyped(text: string): Promise<string[]> {
  return kinds(await parse(text), 'script_parameter').filter((node) => !/^(\[Parameter\([^)]*\)\]\s*)?\[[\w.[\]]+\]\s*\$/.test(node.text)).map(at);
}

/** What Windows PowerShell 5.1 does not know, or reads otherwise. */
const newer = /\?\?|\?\.\w|\?\[|\s&&\s|\s\|\|\s|\s\?\s[^\n]*\s:\s|-AsHashtable|-AsArray|-Parallel\b|-SkipCertificateCheck|Join-String|Test-Json|Get-Error\b|Get-Uptime|Get-WmiObject|\bclean\s*\{|`u\{|\$Is(Windows|Linux|MacOS|CoreCLR)\b|utf8NoBOM/;
/** What is for people to read, or ends or confuses the process that all scripts share. */
const talks = /\bFormat-(Table|List|Wide|Custom)|Out-(String|Host|Default)|Write-(Host|Output|Information|Verbose|Warning)|\bexit\b|\$input\b|Read-Host|\[Console\]|\[Environment\]::Exit|Stop-Process|Start-Process|Set-Location|\$global:/i;
const compiles = /Invoke-Expression|\biex\b|\[scriptblock\]|AddScript|InvokeScript|NewScriptBlock|-EncodedCommand|ExpandString/i;

const code = (text: string) => text.replace(/^\s*#.*$/gm, '').replace(/@'\n[\s\S]*?\n'@/g, `''`);

describe('found', () => {
  test('a script that PowerShell could not read', async () => {
    expect(await faults('if ($a { }')).not.toEqual([]);
  });

  test('names of commands that are aliases or programs, and parameters of any type', async () => {
    expect(await commands('$a = gci | % { $_ }\nnetsh advfirewall\nGet-Item -LiteralPath x')).toHaveLength(3);
    expect(await untyped('param(\n  $Verb,\n  [string] $B\n)')).toHaveLength(1);
    expect(await untyped('function Get-It($A, [int] $B) {\n}')).toHaveLength(1);
    expect(await untyped('param(\n  [Parameter(Mandatory = $true)] [string] $Verb\n)')).toEqual([]);
  });

  test('words of PowerShell 7, talk, and text that becomes a script', () => {
    for (const line of ['$a ?? 1', '$a?.b', 'Get-A && Get-B', '$a ? 1 : 2', 'ConvertFrom-Json -AsHashtable']) expect(newer.test(line), line).toBe(true);
    for (const line of ['if ($a -eq 1) { }', "@{ a = '?' }", '# what? no: yes']) expect(newer.test(code(line)), line).toBe(false);
    for (const line of ['exit 1', 'foreach ($a in $input) {', "Write-Host 'a'", 'Get-A | Format-Table']) expect(talks.test(line), line).toBe(true);
    for (const line of ['[scriptblock]::Create($a)', 'Invoke-Expression $a']) expect(compiles.test(line), line).toBe(true);
  });
});

test('every embedded PowerShell script can be read', async () => {
  expect(ps1.length).toBeGreaterThan(0);
  for (const { path, text } of ps1) expect(await faults(text), path).toEqual([]);
});

test('scripts are ASCII: 5.1 reads a file without a mark in the code page of the system', () => {
  expect(ps1.filter(({ text }) => /[^\n\x20-\x7e]/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('scripts stay within what 5.1 knows: no operators of 7, no aliases, types on all parameters', async () => {
  for (const { path, text } of ps1) {
    expect(newer.exec(code(text))?.[0], path).toBe(undefined);
    expect(await commands(text), path).toEqual([]);
    expect(await untyped(text), path).toEqual([]);
  }
});

test('S1 scripts return numbers and names, print nothing and make no scripts of text', () => {
  for (const { path, text } of ps1.filter(({ path }) => path !== HOST)) {
    expect(talks.exec(code(text))?.[0], path).toBe(undefined);
    expect(compiles.exec(code(text))?.[0], path).toBe(undefined);
  }
  // PowerShell reads standard input itself for a script that has this name in it.
  const host = ps1.find(({ path }) => path === HOST)!.text;
  expect(/\$input\b/i.test(host)).toBe(false);
  // The one place where text becomes a script: it is the panel's own, sent by it.
  expect(host.match(/\[scriptblock\]/gi)).toHaveLength(1);
});

test('S13 a secret is never a text in a script, nor handed to one in its values', () => {
  const plain = /ConvertTo-SecureString|PtrToString|\$(Given|To|Wish)\.(password|pass|key|token)\b|\[string\]\s*\$\w*\.?(secret|password)\b/i;
  for (const line of ["$a = [string]$To.secret", 'Set-It -Password $Given.password', 'ConvertTo-SecureString $a -AsPlainText', 'function Get-It([string] $Password) {']) expect(plain.test(line), line).toBe(true);
  for (const { path, text } of ps1) expect(plain.exec(code(text))?.[0], path).toBe(undefined);
  // Letter by letter, by a method: what ConvertFrom-Json is handed has none.
  const host = code(ps1.find(({ path }) => path === HOST)!.text);
  expect([host.match(/ConvertFrom-Json/g)?.length, /AppendChar\(\[char\]\$letter\)/.test(host)]).toEqual([1, true]);
});

test('events are read with what is left of the patience: a filter that nothing fits goes through a whole log', () => {
  const read = ps1.filter(({ text }) => /\.ReadEvent\(/.test(code(text)));
  expect(read.map(({ path }) => path)).toEqual([HOST]);
  expect(code(read[0]!.text).match(/\.ReadEvent\((.*)/g)).toEqual(['.ReadEvent([TimeSpan]::FromMilliseconds($left))']);
});

test('each script says its verbs and rights, takes a verb and values, and refuses other verbs', () => {
  const scripts = ps1.filter(({ path }) => path !== HOST);
  expect(scripts.map(({ path }) => path.split('/').at(-1)!).toSorted()).toEqual(Object.keys(VERBS).toSorted());
  for (const { path, text } of scripts) {
    const name = path.split('/').at(-1)! as keyof typeof VERBS;
    const verbs = Object.keys(VERBS[name]).toSorted();
    const body = text.slice(text.lastIndexOf('switch ($Verb) {'));
    const head = text.slice(0, text.indexOf('param('));
    expect([...body.matchAll(/^ {2}'([\w-]+)' \{/gm)].map((found) => found[1]!).toSorted(), path).toEqual(verbs);
    expect([...head.matchAll(/^# {3}([\w-]+) {2,}/gm)].map((found) => found[1]!).toSorted(), path).toEqual(verbs);
    expect(head, path).toMatch(/^# Rights: ./m);
    expect(text, path).toContain('param(\n  [Parameter(Mandatory = $true)] [string] $Verb,\n  [Parameter(Mandatory = $true)] [psobject] $Given\n)\nSet-StrictMode -Version 2.0\n');
    expect(body, path).toContain(`default { throw "${name} has no verb $Verb" }`);
  }
});

test('S2 scripts of PowerShell take paths as they are, not as patterns', () => {
  // -Path takes wildcards: a file named "[a]" would be another one.
  const wild = /\b(Get|Set|Remove|Copy|Move|Rename|New|Test)-(Item|Acl|Content|ChildItem|Path|ItemProperty)\b(?![^\n]*-LiteralPath)/;
  expect(ps1.filter(({ text }) => wild.test(text)).map(({ path }) => path)).toEqual([]);
});

import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { root, sources } from './tree.ts';

const ps1 = sources('src/platform/ps1', /\.ps1$/);

/** Where the grammar does not understand the text, as "line:column text". */
async function faults(text: string): Promise<string[]> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(join(root, 'node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm')));
  const tree = parser.parse(text)!;
  const found: string[] = [];
  const walk = (node: Node) => {
    if (node.isError || node.isMissing) found.push(`${node.startPosition.row + 1}:${node.startPosition.column + 1} ${node.text.slice(0, 60)}`);
    else if (node.hasError) for (const child of node.children) if (child) walk(child);
  };
  walk(tree.rootNode);
  return found;
}

test('a script that PowerShell could not read is found', async () => {
  expect(await faults('if ($a { }')).not.toEqual([]);
});

test('every embedded PowerShell script can be read', async () => {
  expect(ps1.length).toBeGreaterThan(0);
  for (const { path, text } of ps1) expect(await faults(text), path).toEqual([]);
});

test('S2 scripts of PowerShell take paths as they are, not as patterns', () => {
  // -Path takes wildcards: a file named "[a]" would be another one.
  const wild = /\b(Get|Set|Remove|Copy|Move|Rename|New|Test)-(Item|Acl|Content|ChildItem|Path|ItemProperty)\b(?![^\n]*-LiteralPath)/;
  expect(ps1.filter(({ text }) => wild.test(text)).map(({ path }) => path)).toEqual([]);
});

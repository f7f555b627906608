/** The licences of everything that the executable carries, as one text. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { VENDORED } from './vendor.ts';

interface Package {
  name: string;
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
}

/** @param root the project's folder, with node_modules installed */
export function licenseText(root: string): string {
  const project = readPackage(root);
  const vendored = Object.values(VENDORED).map((path) => path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/'));
  const packages = new Map<string, string>();
  for (const name of [...Object.keys(project.dependencies ?? {}), ...vendored]) collect(root, root, name, packages);
  const bun = readFileSync(join(root, 'node_modules/bun-types/docs/project/license.mdx'), 'utf8').replace(/^---[\s\S]*?---\s*/, '');
  const parts = [
    section('Mantou', project.version, readFileSync(join(root, 'LICENSE'), 'utf8')),
    section('Compose Specification', 'schema', readFileSync(join(root, 'public/schema/compose-spec.LICENSE.txt'), 'utf8')),
    section('Bun', process.versions.bun ?? '', bun),
    ...[...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
  ];
  return parts.join('\n');
}

/** Follows dependencies as they are resolved: beside the package that asks, then in the folders above it. */
function collect(root: string, from: string, name: string, into: Map<string, string>): void {
  let base = from;
  while (!existsSync(join(base, 'node_modules', name, 'package.json'))) {
    // Left out on purpose by the lock file, as an optional dependency is: then it is not in the executable either.
    if (base === root) return;
    base = join(base, '..');
  }
  const folder = join(base, 'node_modules', name);
  const found = readPackage(folder);
  const key = `${found.name} ${found.version}`;
  if (into.has(key)) return;
  into.set(key, section(found.name, found.version, licenseOf(folder, found)));
  for (const dependency of Object.keys(found.dependencies ?? {})) collect(root, folder, dependency, into);
}

function licenseOf(folder: string, found: Package): string {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  if (names.length === 0) return `License: ${found.license ?? 'not stated'} (the package carries no text)\n`;
  return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

function readPackage(folder: string): Package {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function section(name: string, version: string, text: string): string {
  const title = `${name} ${version}`;
  return `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text.replaceAll('\r\n', '\n').trim()}\n`;
}

// Which language a file is in: the list of CodeMirror by name and ending, what servers have beside that, and the first line.
// A language is fetched when the first file of it is opened.
import { LanguageDescription } from '@codemirror/language';
import { languages } from '@codemirror/language-data';

const SERVER = [
  [/^\.env(\..*)?$|\.(env|service|socket|timer|mount|target|path|slice|netdev|network|link|desktop|cnf|cfg|conf|ini|properties|editorconfig)$/i, 'Properties files'],
  [/^(nginx.*\.conf|.*\.nginx|fastcgi_params|uwsgi_params|mime\.types)$/i, 'Nginx'],
  [/^(\.bash\w*|\.profile|\.zsh\w*|\.?crontab|PKGBUILD|.*\.(bash|zsh|ksh|command))$/i, 'Shell'],
  [/^(dockerfile|containerfile)(\..*)?$|\.dockerfile$/i, 'Dockerfile'],
  [/^(docker-)?compose.*\.ya?ml$|^\.(clang-format|prettierrc)$/i, 'YAML'],
  [/^(\.babelrc|\.eslintrc|composer\.lock|Pipfile\.lock|.*\.(jsonc|json5|webmanifest|geojson|jsonl|ndjson))$/i, 'JSON'],
  [/^(Pipfile|Cargo\.lock|poetry\.lock)$/i, 'TOML'],
  [/\.(mts|cts)$/i, 'TypeScript'],
  [/^(Gemfile|Rakefile|Vagrantfile)$/i, 'Ruby'],
  [/^Jenkinsfile$/i, 'Groovy'],
];

const FIRST_LINE = [
  [/^#!.*\b(ba|z|k|da)?sh\b/, 'Shell'], [/^#!.*\bpython/, 'Python'], [/^#!.*\b(node|bun|deno)\b/, 'JavaScript'], [/^#!.*\bruby/, 'Ruby'], [/^#!.*\bperl/, 'Perl'],
  [/^#!.*\bphp|^<\?php/, 'PHP'], [/^<\?xml/, 'XML'], [/^<!doctype html/i, 'HTML'], [/^---\s*$/, 'YAML'],
];

const NGINX = /\/(nginx|openresty)\/|\/vhost\/nginx\//;

export const all = languages.toSorted((a, b) => a.name.localeCompare(b.name));

export const named = (name) => languages.find((language) => language.name === name) ?? null;

/** null: plain text. */
export function languageOf(path, name, firstLine) {
  if (NGINX.test(path) && !/\.(html?|js|css|php|lua|json)$/i.test(name)) return named('Nginx');
  const found = LanguageDescription.matchFilename(languages, name);
  if (found) return found;
  const rule = SERVER.find(([pattern]) => pattern.test(name)) ?? FIRST_LINE.find(([pattern]) => pattern.test(firstLine));
  return rule ? named(rule[1]) : null;
}

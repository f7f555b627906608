import type { IconName } from '../parts/icon.tsx';

const KINDS: readonly (readonly [IconName, string])[] = [
  ['file-image', 'png jpg jpeg gif webp avif svg ico bmp tif tiff heic jxl psd'],
  ['file-zip', 'zip tar gz tgz bz2 tbz2 xz txz zst tzst 7z rar lz4 br jar war deb rpm iso'],
  ['file-code', 'js mjs cjs ts mts cts jsx tsx py rb php go rs c h cc cpp hpp cs java kt swift lua pl r sh bash zsh fish ps1 bat cmd html htm xhtml css scss less vue svelte wasm json jsonl'],
  ['file-config', 'conf cfg ini toml yaml yml env properties service timer socket htaccess nginx xml plist lock'],
  ['file-text', 'txt md markdown rst adoc csv tsv pdf doc docx odt rtf tex'],
  ['log', 'log'],
  ['database', 'db sqlite sqlite3 sql mdb'],
  ['key', 'pem key crt cer p12 pfx pub asc gpg'],
];

const BY_END = new Map(KINDS.flatMap(([icon, ends]) => ends.split(' ').map((end) => [end, icon] as const)));
const BY_NAME = new Map<string, IconName>([
  ['dockerfile', 'file-config'],
  ['makefile', 'file-code'],
  ['license', 'file-text'],
  ['readme', 'file-text'],
  ['.gitignore', 'git'],
  ['.gitattributes', 'git'],
]);

/** What the archives of the panel can open: the end of the name decides. */
const ARCHIVE = /\.(zip|jar|war|tar|tgz|tzst|tar\.(gz|zst)|7z|rar)$/i;

/** The drawing of a file, by its name: nothing is opened for it. */
export function iconOf(name: string): IconName {
  const lower = name.toLowerCase();
  const known = BY_NAME.get(lower);
  if (known) return known;
  if (/^\.env(\.|$)/.test(lower)) return 'file-config';
  // "shop.log.1" is a log still.
  const end = /\.([a-z0-9]+)(?:\.\d+)?$/.exec(lower)?.[1];
  return (end && BY_END.get(end)) || 'file';
}

export const isArchive = (name: string) => ARCHIVE.test(name);

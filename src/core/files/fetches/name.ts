import { parse } from 'content-disposition';
import { nameBytes } from '../../../lib/file-name.ts';
import { NAME_MOST, normalName, type PathKind } from '../paths.ts';
import { splitName } from '../operations/names.ts';

/** When neither side has a name for it. */
const NAMELESS = 'download';

/** What the file is called: as the other server says (RFC 6266), else as its address ends; always one name that is allowed here. */
export function suggestedName(kind: PathKind, url: URL, disposition: string | null): string {
  for (const given of [fromHeader(disposition), fromAddress(url), url.hostname]) {
    const name = cleaned(kind, given);
    if (name) return name;
  }
  return NAMELESS;
}

function fromHeader(disposition: string | null): string {
  if (!disposition) return '';
  try {
    return parse(disposition).parameters.filename ?? '';
  } catch {
    return ''; // A header that cannot be read says nothing.
  }
}

function fromAddress({ pathname }: URL): string {
  const last = pathname.split('/').filter(Boolean).at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** The last part of what may be a path of any system, without what hides or harms; '' when nothing is left. */
function cleaned(kind: PathKind, text: string): string {
  const last = text.toWellFormed().split(/[/\\]/).at(-1)!.replace(/[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\u{10ff80}-\u{10ffff}]/gu, '_').trim();
  const plain = kind === 'windows' ? last.replace(/[<>:"|?*]/g, '_').replace(/[. ]+$/, '') : last;
  const name = shortened(plain.replace(/^\.+(?=mantou-|$)/, ''));
  try {
    return normalName(kind, name);
  } catch {
    return '';
  }
}

/** Cut between characters, before its ending. */
function shortened(name: string): string {
  if (nameBytes(name) <= NAME_MOST) return name;
  const [stem, ending] = splitName(name);
  let room = NAME_MOST - nameBytes(ending);
  let kept = '';
  for (const char of stem) {
    room -= nameBytes(char);
    if (room < 0) break;
    kept += char;
  }
  return kept + ending;
}

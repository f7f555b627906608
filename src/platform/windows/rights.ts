/** What others need in order to change what lies in a folder, as SDDL writes it in letters or as a number. */
const WRITES = ['GA', 'GW', 'FA', 'FW', 'WD', 'WO', 'SD', 'DC', 'LC'];
const WRITE_BITS = 0x2 | 0x4 | 0x40 | 0x1_0000 | 0x4_0000 | 0x8_0000 | 0x1000_0000 | 0x4000_0000;
/** SYSTEM, administrators, TrustedInstaller, and the owner by whatever name, who is looked at by itself. */
const TRUSTED = ['SY', 'S-1-5-18', 'BA', 'S-1-5-32-544', 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464', 'CO', 'S-1-3-0', 'OW', 'S-1-3-4'];

/** Who but the panel owns a folder or may write into it, as SDDL names them: "BU", "S-1-5-21-…-1005". Empty: nobody. */
export function othersWhoWrite(sddl: string, own: string | null): string[] {
  const trusted = (who: string) => TRUSTED.includes(who) || who === own;
  const owner = /^O:(S-[\d-]+|[A-Z]{2})/.exec(sddl)?.[1];
  const list = /D:(?:[A-Z]*)((?:\([^)]*\))*)/.exec(sddl);
  // No list at all: everybody may do everything.
  if (!list || /D:NO_ACCESS_CONTROL/.test(sddl)) return ['WD'];
  const writers = [...list[1]!.matchAll(/\(([^)]*)\)/g)].flatMap(([, entry]) => {
    const [type, flags = '', rights = '', , , who = ''] = entry!.split(';');
    // Of an entry that is only for what is made later in it, the folder itself takes no notice; what is made there does.
    const letters = rights.match(/0x[\da-f]+|[A-Z]{2}/gi) ?? [];
    const writes = letters.some((each) => (each.startsWith('0x') ? (Number(each) & WRITE_BITS) !== 0 : WRITES.includes(each)));
    return type === 'A' && writes && !trusted(who) && !/^$/.test(who) ? [`${who}${flags.includes('IO') ? ' (IO)' : ''}`] : [];
  });
  return [...(owner && !TRUSTED.slice(0, 5).includes(owner) && owner !== own ? [owner] : []), ...writers];
}

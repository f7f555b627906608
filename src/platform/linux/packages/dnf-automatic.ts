/**
 * dnf-automatic(8), dnf5-automatic(8): what the timer does is written here; without it, it only fetches. dnf 5 keeps what it comes with
 * apart, and this file holds what differs.
 */
export const AUTOMATIC = '/etc/dnf/automatic.conf';
export const AUTOMATIC_SHIPPED = '/usr/share/dnf5/dnf5-plugins/automatic.conf';

const WANTED = { upgrade_type: 'security', apply_updates: 'yes' };
/** A file with nothing but what the panel wants: dnf 4 would send mail by itself. */
const FRESH = '[commands]\n\n[emitters]\nemit_via = stdio\n';

/** From the section's heading to the next one. */
const COMMANDS = /^\[commands\][ \t]*\n(?:(?!\[).*(?:\n|$))*/m;
const line = (name: string) => new RegExp(`^${name}[ \\t]*[=:][ \\t]*(.*?)[ \\t]*$`, 'm');

/** Is what is newer installed, and not only fetched? The first of the files that says so decides. */
export function appliesUpdates(...files: (string | null)[]): boolean {
  const said = files.map((text) => line('apply_updates').exec(COMMANDS.exec(text ?? '')?.[0] ?? '')?.[1]).find((value) => value !== undefined);
  return ['yes', 'true', '1', 'on'].includes(said?.toLowerCase() ?? '');
}

/** Other lines stay. */
export function withApplied(before: string | null): string {
  let text = before ?? FRESH;
  if (!COMMANDS.test(text)) text = `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}[commands]\n`;
  return text.replace(COMMANDS, (section) => {
    let after = section;
    for (const [name, value] of Object.entries(WANTED)) {
      after = line(name).test(after) ? after.replace(line(name), `${name} = ${value}`) : after.replace(/^\[commands\][ \t]*\n/, (head) => `${head}${name} = ${value}\n`);
    }
    return after;
  });
}

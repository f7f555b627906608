/** Names of the two that stand beside each other for a moment; a panel that was killed finds them by it. */
const NEW = '.mantou-new';
const OLD = '.mantou-old';

export const newName = (name: string) => `${name}${NEW}`;
export const oldName = (name: string) => `${name}${OLD}`;

/** `web.mantou-new` → { name: 'web', role: 'new' }; null for any other. */
export function roleOf(name: string): { name: string; role: 'new' | 'old' } | null {
  if (name.endsWith(NEW)) return { name: name.slice(0, -NEW.length), role: 'new' };
  return name.endsWith(OLD) ? { name: name.slice(0, -OLD.length), role: 'old' } : null;
}

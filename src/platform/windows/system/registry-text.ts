import { REG, type RegistryDriver } from '../../registry.ts';

/** A value that is text, without the NUL at its end; null: there is none, or it is none of that kind. `name` in any case. */
export async function readText(registry: RegistryDriver, path: string, name: string): Promise<string | null> {
  if (registry.refusal()) return null;
  const key = await registry.read({ path, view: 64 }).catch(() => null);
  const value = key?.values.find((each) => each.name.toLowerCase() === name.toLowerCase() && (each.type === REG.sz || each.type === REG.expand));
  return value ? Buffer.from(value.bytes).toString('utf16le').replace(/\0+$/, '') : null;
}

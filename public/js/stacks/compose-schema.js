// What may stand where in a compose file: the schema of the Compose Specification (public/schema), asked by keys.
let asked = null;

/** Fetched once, when a compose file is opened. null: it could not be had, and the editor knows nothing then. */
export const loadSchema = () => (asked ??= fetch(new URL('../../schema/compose-spec.json', import.meta.url)).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));

/** A schema as all that it may be, without references and alternatives. */
function leaves(root, schema, seen = new Set()) {
  if (schema === true || schema === undefined) return [{}];
  if (!schema || seen.has(schema)) return [];
  seen.add(schema);
  const { $ref, oneOf, anyOf, allOf, ...own } = schema;
  const more = [...(oneOf ?? []), ...(anyOf ?? []), ...(allOf ?? [])];
  // Of what a reference stands beside, its words count: they are about this place.
  const referred = $ref ? leaves(root, definition(root, $ref), seen).map((leaf) => (own.description ? { ...leaf, description: own.description } : leaf)) : [];
  const alternatives = more.flatMap((one) => leaves(root, one, seen)).map((leaf) => ({ ...(own.description ? { description: own.description } : {}), ...leaf }));
  const self = own.type || own.properties || own.enum || own.patternProperties || own.items || (!$ref && more.length === 0) ? [own] : [];
  return [...self, ...referred, ...alternatives];
}

const definition = (root, ref) => ref.replace(/^#\//, '').split('/').reduce((at, name) => at?.[name], root);

const patterns = (leaf, key) => Object.entries(leaf.patternProperties ?? {}).filter(([pattern]) => new RegExp(pattern).test(key)).map(([, schema]) => schema);

/** All that may stand at these keys; null: anything may, or nothing is known. */
export function schemasAt(root, path) {
  let found = leaves(root, root);
  for (const name of path) {
    const next = found.flatMap((leaf) => {
      if (name === '[]') return leaf.items ? [leaf.items] : [];
      if (leaf.properties && Object.hasOwn(leaf.properties, name)) return [leaf.properties[name]];
      const matching = patterns(leaf, name);
      if (matching.length) return matching;
      return leaf.additionalProperties && typeof leaf.additionalProperties === 'object' ? [leaf.additionalProperties] : [];
    });
    if (next.length === 0) return null;
    found = next.flatMap((schema) => leaves(root, schema));
  }
  return found;
}

const types = (leaf) => (leaf.type === undefined ? (leaf.properties || leaf.patternProperties ? ['object'] : leaf.items ? ['array'] : null) : [leaf.type].flat());

/** May it be one of these kinds? An enum without a type is text. */
export const allows = (leaves_, ...kinds) => leaves_.some((leaf) => types(leaf)?.some((type) => kinds.includes(type)) ?? true);

/** Keys that may stand there with what they mean, and whether there are no others. */
export function keysOf(found) {
  const objects = found.filter((leaf) => leaf.properties || leaf.patternProperties || types(leaf)?.includes('object'));
  const keys = new Map();
  for (const leaf of objects) for (const [name, schema] of Object.entries(leaf.properties ?? {})) if (!keys.has(name)) keys.set(name, schema);
  return { keys, closed: objects.length > 0 && objects.every((leaf) => leaf.additionalProperties === false), has: (name) => keys.has(name) || objects.some((leaf) => patterns(leaf, name).length > 0) };
}

/** Values that are to choose from; null: it is free. */
export function valuesOf(found) {
  const scalars = found.filter((leaf) => types(leaf)?.some((type) => ['string', 'number', 'integer', 'boolean'].includes(type)) ?? leaf.enum !== undefined);
  const listed = scalars.flatMap((leaf) => leaf.enum ?? (types(leaf).includes('boolean') ? [true, false] : []));
  const free = scalars.some((leaf) => !leaf.enum && types(leaf).some((type) => type !== 'boolean'));
  return { listed: [...new Set(listed.map(String))], free };
}

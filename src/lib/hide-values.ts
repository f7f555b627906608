/** Shorter ones would tear words apart, and tell themselves by what is missing. */
const LEAST = 4;

/** A text of others without these values: longer ones first, as one may be the beginning of another. */
export const hideValues = (text: string, values: readonly string[]): string =>
  values.filter((value) => value.length >= LEAST).toSorted((a, b) => b.length - a.length).reduce((said, value) => said.replaceAll(value, '•••'), text);

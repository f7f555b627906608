/** Initials on a disc: two letters, or one character of a CJK name. */
export function Avatar({ name }: { name: string }) {
  return (
    <span class="avatar" aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const [first = '?', second] = [...name.trim()];
  if (/\p{Script=Han}/u.test(first)) return first;
  const words = name
    .trim()
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letter = words.length > 1 ? [...words[1]!][0] : second;
  return `${first}${letter ?? ''}`.toUpperCase();
}

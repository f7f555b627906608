/**
 * Complaints that are about the machine and not the page: the driver of a graphics card that is not there dislikes being
 * read, and xterm.js says when drawing letters took longer than it wanted (addon-webgl 0.19).
 */
export const real = (complaints: readonly string[]) => complaints.filter((line) => !/GL Driver Message|task queue exceeded allotted deadline/.test(line));

/** What can be wrong with the data directory and the database; said on the console and on pages. */
export const storage = {
  newer: (p: { path: string; version: number; known: number }) =>
    `${p.path} was written by a newer Mantou (format ${p.version}; this one knows ${p.known}). Start the newer version, or put back ${p.path}.before-${p.version} beside it.`,
  damaged: (p: { path: string }) =>
    `${p.path} is damaged and was left as it is. Move it away and start again, or put a backup in its place.`,
  cannotOpen: (p: { path: string }) => `${p.path} cannot be opened. Check that the folder exists and belongs to the user who runs the panel.`,
  readOnly: (p: { path: string }) => `${p.path} cannot be written: the folder or its file system is read-only.`,
  busy: (p: { path: string }) => `${p.path} is held by another program. Try again in a moment.`,
  full: (p: { path: string }) => `The disk that holds ${p.path} is full. Free some space; nothing that was saved is lost.`,
  ioError: (p: { path: string }) => `The disk that holds ${p.path} reports an error. Look at the kernel log.`,
  keyDamaged: (p: { path: string }) => `${p.path} is not a key of 32 bytes. Put the original back; sealed secrets cannot be read without it.`,
  isLink: (p: { path: string }) => `${p.path} is a link. The data directory must be a folder of its own.`,
  othersWrite: (p: { path: string; names: string }) => `${p.path} belongs to others, or they may write into it (${p.names}), so that they could give the panel commands. Move it away, or let only SYSTEM and administrators in: takeown.exe /f "${p.path}" /a /r && icacls.exe "${p.path}" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F /t`,
  notWritable: (p: { path: string; reason: string }) => `The data directory ${p.path} cannot be used: ${p.reason}. Name another with --data-dir, or change its owner.`,
  foreign: (p: { path: string; uid: number; us: number }) =>
    `The data directory ${p.path} belongs to the user with id ${p.uid}, and the panel runs as ${p.us}: its owner could change everything in it. Start the panel as that user, change the owner of the folder, or name another with --data-dir.`,
  nothingHere: (p: { path: string }) => `There is no panel in ${p.path}. Start it once, or name its folder with --data-dir.`,
  locked: (p: { path: string; pid: string; url: string }) => `Mantou already runs with the data directory ${p.path}${p.pid ? ` (pid ${p.pid}${p.url ? `, ${p.url}` : ''})` : ''}. Stop it first, or name another with --data-dir.`,
};

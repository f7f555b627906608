/** A folder’s contents, and sizes of folders. */
export const listing = {
  expired: 'The list was open for too long and is not kept any more. Select again, please.',
  folderGone: 'This folder is not there any more.',
  badCursor: 'This cursor is of a listing that cannot be continued. Begin again without it.',
  sizes: {
    one: (p: { name: string }) => `Size of ${p.name}`,
    many: (p: { count: number }) => `Size of ${p.count} entries`,
    action: 'Size…',
    counting: 'Counting…',
    none: 'Select something first.',
    noScript: 'Counting needs JavaScript.',
    bytes: (p: { short: string; exact: string }) => `${p.short} (${p.exact} bytes)`,
    disk: (p: { size: string }) => `${p.size} on disk`,
    files: (p: { count: number }) => (p.count === 1 ? '1 file' : `${p.count} files`),
    folders: (p: { count: number }) => (p.count === 1 ? '1 folder' : `${p.count} folders`),
    unread: (p: { count: number }) => `${p.count} could not be read`,
    elsewhere: (p: { count: number }) => `${p.count} on other file systems left out`,
  },
};

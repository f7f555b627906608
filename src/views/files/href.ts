/** Address of a folder in the file manager. */
export const folderHref = (path: string) => `/files?path=${encodePath(path)}`;

/** Address that opens anything: a folder here, a file in the editor or the viewer. */
export const openHref = (path: string) => `/files/open?path=${encodePath(path)}`;

/** A path in a query. `/` needs no escape there, and people read addresses. */
export const encodePath = (path: string) => encodeURIComponent(path).replaceAll('%2F', '/');

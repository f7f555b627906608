/** Where programs ask, and cookies mean nothing. */
export const isApiPath = (path: string) => path.startsWith('/api/v1/') || path === '/api/v1' || path === '/metrics';

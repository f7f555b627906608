/** Is it an address, or the name, of this machine alone? (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3) */
export const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

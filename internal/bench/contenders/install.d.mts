/**
 * Downloads the peers that npm has, unless they are there; gives the reason if it cannot. They are
 * of no workspace: they are installed only where the bench runs.
 */
export function installPeers(folder: string, report: (line: string) => void): string | undefined;

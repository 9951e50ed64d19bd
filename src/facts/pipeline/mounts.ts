/** A mount `host:container` that gives the machine away: its whole disk, or the socket of its container engine. */
export function givesMachineAway(mount: string): boolean {
  return /(?:docker|containerd|crio|podman)\.sock\b/.test(mount) || mount.startsWith('/:');
}

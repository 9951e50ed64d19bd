import { join } from 'node:path';
import { ArchiveError, extractMember } from '../io/archive.js';
import { download, DownloadError } from '../io/download.js';
import type { Downloaded } from '../io/download.js';
import { toolFiles } from '../io/tool-files.js';
import { InstallError } from './install-error.js';
import type { InstallContext } from './install.js';
import type { ReleaseAsset, Way } from './lock.js';

/** Where the lock knows no size. The largest locked release file has about 110 MB. */
const MAX_BYTES = 400 * 1_048_576;

/**
 * Fetches a release file, compares size and SHA-256, and only then opens it. Gives the program's path relative to
 * `directory`. A file whose checksum differs is deleted at once.
 */
export async function installRelease(way: Extract<Way, { kind: 'release' }>, name: string, directory: string, context: InstallContext): Promise<string> {
  const { platform, lock } = context;
  const asset = platform === undefined ? undefined : way.assets[platform];
  if (asset === undefined) throw new InstallError(`There is no locked release of ${name} for ${platform ?? 'this platform'}.`, true);
  const denied = lock.denied.get(asset.sha256);
  if (denied !== undefined) throw new InstallError(`${name} ${way.version} is never installed: ${denied}.`, false);
  const archive = join(directory, 'download');
  const program = platform?.startsWith('windows') === true ? `${name}.exe` : name;
  const executable = `bin/${program}`;
  toolFiles.makeDirectory(join(directory, 'bin'));
  try {
    verify(await fetchAsset(asset, name, archive, context), asset, name, lock.denied);
    await unpack(asset, archive, join(directory, executable), name);
  } finally {
    toolFiles.remove(archive);
  }
  toolFiles.makeExecutable(join(directory, executable));
  return executable;
}

async function fetchAsset(asset: ReleaseAsset, name: string, to: string, { releaseHost, signal, pauseMs }: InstallContext): Promise<Downloaded> {
  try {
    return await download({
      url: `${releaseHost.replace(/\/+$/, '')}/${asset.path}`,
      to,
      maxBytes: asset.size ?? MAX_BYTES,
      ...(signal === undefined ? {} : { signal }),
      ...(pauseMs === undefined ? {} : { pauseMs }),
    });
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new InstallError(`${name} could not be downloaded: ${error.message}.`, error.transient);
  }
}

function verify({ sha256, bytes }: Downloaded, asset: ReleaseAsset, name: string, denied: ReadonlyMap<string, string>): void {
  const why = denied.get(sha256);
  if (why !== undefined) throw new InstallError(`What was downloaded for ${name} is known to be malicious and was deleted: ${why}.`, false);
  if (sha256 !== asset.sha256) {
    throw new InstallError(`The checksum of ${name} differs, so the download was deleted: the lock says ${asset.sha256}, it has ${sha256} (${bytes} bytes of ${asset.path}).`, false);
  }
  if (asset.size !== undefined && bytes !== asset.size) throw new InstallError(`The size of ${name} differs, so the download was deleted: the lock says ${asset.size} bytes, it has ${bytes}.`, false);
}

async function unpack({ archive: kind, member }: ReleaseAsset, archive: string, to: string, name: string): Promise<void> {
  if (kind === 'none') {
    toolFiles.move(archive, to);
    return;
  }
  try {
    await extractMember({ archive, kind, member: member ?? name, to });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new InstallError(`The release archive of ${name} is refused: ${error.message}.`, false);
  }
}

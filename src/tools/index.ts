export { cacheDirectory } from './cache-directory.js';
export { findInstalled, installTool } from './install.js';
export type { Found, InstallContext, InstalledTool } from './install.js';
export { InstallError } from './install-error.js';
export { describeWay, loadLock, platformOf, RELEASE_HOST } from './lock.js';
export type { Lock, LockedTool, Platform, ReleaseAsset, Way } from './lock.js';
export { prepareTools } from './toolbox.js';
export type { ToolboxRequest } from './toolbox.js';

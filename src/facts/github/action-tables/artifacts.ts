import { type ActionTable } from './entries.js';

/** Actions that hand files from job to job or from run to run. */
export const ARTIFACTS: ActionTable = {
  'actions/upload-artifact': { artifact: 'upload' },
  'actions/upload-pages-artifact': { artifact: 'upload' },
  'actions/download-artifact': { artifact: 'download' },
  'dawidd6/action-download-artifact': { artifact: 'download-cross-run' },
  'aochmann/actions-download-artifact': { artifact: 'download-cross-run' },
  'levonet/action-download-last-artifact': { artifact: 'download-cross-run' },
  'ishworkh/docker-image-artifact-download': { artifact: 'download-cross-run' },
  'ishworkh/container-image-artifact-download': { artifact: 'download-cross-run' },
  'marcofaggian/action-download-multiple-artifacts': { artifact: 'download-cross-run' },
  'bettermarks/action-artifact-download': { artifact: 'download-cross-run' },
  'blablacar/action-download-last-artifact': { artifact: 'download-cross-run' },
  'redhat-plumbers-in-action/download-artifact': { artifact: 'download-cross-run' },
};

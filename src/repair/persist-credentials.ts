import type { YamlNode } from '../syntax/yaml-node.js';
import { asMapping, get, scalarText } from '../syntax/yaml-query.js';
import { indentOf, insertBefore, insertBelow, insertInBraces, isBlock, type Edit } from './edits.js';
import { stepAt } from './place.js';
import type { Repairer } from './repairer.js';

/** Steps that use the token which a checkout leaves: such a job needs it, and a person has to decide. */
const USES_TOKEN = /\bgit\s+(?:-\S+\s+)*(?:push|fetch|pull|commit|remote|submodule|lfs|ls-remote|clone)\b|\bgh\s|\bmake\s+release\b|semantic-release|goreleaser|mkdocs\s+gh-deploy|\bmike\s|lerna\s+(?:publish|version)|changeset/;
const USES_TOKEN_ACTION = /auto-commit|push|commit|release|deploy|pages|pull-request|changesets|chart-releaser|backport|submodule/i;

/** `persist-credentials: false` at a checkout whose token nothing in the job seems to need. */
export const persistCredentials: Repairer = ({ document: { text }, root, range }) => {
  const place = stepAt(root, range);
  if (place === undefined || place.steps.slice(place.index + 1).some(needsToken)) return undefined;
  const { step } = place;
  const given = get(step, 'with');
  const uses = get(step, 'uses');
  if (uses === undefined || !isBlock(text, step)) return undefined;
  const settings = asMapping(given?.value);
  if (given !== undefined && settings === undefined) return undefined;
  const edit = settings === undefined ? newInputs(text, step, uses.value) : addInput(text, settings);
  return edit === undefined ? undefined : { description: 'Do not leave the token behind', edits: [edit] };
};

function newInputs(text: string, step: Parameters<typeof indentOf>[1], uses: YamlNode): Edit | undefined {
  const indent = indentOf(text, step);
  return indent === undefined ? undefined : insertBelow(text, uses, ['with:', '  persist-credentials: false'], indent);
}

function addInput(text: string, settings: Parameters<typeof indentOf>[1]): Edit | undefined {
  const written = get(settings, 'persist-credentials');
  if (written !== undefined) return written.alias === undefined && written.value.kind === 'scalar' ? { range: written.value.range, text: 'false' } : undefined;
  if (!isBlock(text, settings)) return insertInBraces(text, settings, 'persist-credentials: false');
  const indent = indentOf(text, settings);
  const [first] = settings.pairs;
  return indent === undefined || first === undefined ? undefined : insertBefore(text, first, ['persist-credentials: false'], indent);
}

function needsToken(step: YamlNode): boolean {
  const run = scalarText(get(step, 'run')?.value);
  if (run !== undefined) return USES_TOKEN.test(run);
  const uses = scalarText(get(step, 'uses')?.value) ?? '';
  // What a local action does is not looked up here.
  return uses.startsWith('./') || uses.startsWith('$/') || USES_TOKEN_ACTION.test(uses);
}

import { joinTexts } from '../../syntax/located-text.js';
import type { YamlNode } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { stemOf } from '../common/context.js';
import { contentAt, contentOf, entriesOf, itemsOf, pairAt, scalarOf, scalarsOf, textOf, textsOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import { type Dialect, type ImageSource, type JobSource, type PipelineReader, pinOfRef, type PredefinedTable, type ReferenceSource, statePipeline, type StepSource, type TriggerSource, type VariableSource } from '../pipeline/index.js';
import { variablesOf } from '../pipeline/pairs.js';
import type { ContainerValue } from '../schema.js';

/*
 * AWS CodeBuild: phases of commands that one shell runs. The platform replaces nothing in them: values come as variables.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */

/** What starts a build is a setting of the project; a webhook for pull requests runs whoever's code by default. */
const TRIGGERS: readonly TriggerSource[] = [{ event: 'build', by: 'unknown', privileged: false }];
const OUTSIDERS = { events: ['build'], type: 'string' } as const;

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html */
const PREDEFINED: PredefinedTable = {
  CODEBUILD_WEBHOOK_HEAD_REF: OUTSIDERS,
  // `branch/name`, `tag/name` or `pr/number`.
  CODEBUILD_WEBHOOK_TRIGGER: OUTSIDERS,
  CODEBUILD_SOURCE_VERSION: OUTSIDERS,
  CODEBUILD_WEBHOOK_BASE_REF: { events: [], type: 'string' },
  CODEBUILD_WEBHOOK_EVENT: { events: [], type: 'name', otherwise: 'trusted' },
  CODEBUILD_WEBHOOK_ACTOR_ACCOUNT_ID: { events: [], type: 'name', otherwise: 'trusted' },
  CODEBUILD_WEBHOOK_PREV_COMMIT: { events: [], type: 'sha', otherwise: 'trusted' },
  CODEBUILD_WEBHOOK_MERGE_COMMIT: { events: [], type: 'sha', otherwise: 'trusted' },
  CODEBUILD_RESOLVED_SOURCE_VERSION: { events: [], type: 'sha', otherwise: 'trusted' },
  CODEBUILD_BUILD_NUMBER: { events: [], type: 'number', otherwise: 'trusted' },
  CODEBUILD_BUILD_ID: { events: [], type: 'name', otherwise: 'trusted' },
  CODEBUILD_SRC_DIR: { events: [], type: 'name', otherwise: 'trusted' },
  CODEBUILD_INITIATOR: { events: [], type: 'name', otherwise: 'trusted' },
  AWS_REGION: { events: [], type: 'name', otherwise: 'trusted' },
  AWS_DEFAULT_REGION: { events: [], type: 'name', otherwise: 'trusted' },
};

const DIALECT: Dialect = { platform: 'codebuild', predefined: PREDEFINED, secrets: new Set(['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']) };

/** States the facts of a build specification. */
export const readCodebuild: PipelineReader = (context) => {
  for (const root of readYamlDocuments(context)) {
    const phases = get(root, 'phases');
    const batch = batchImages(get(root, 'batch')?.value);
    if (phases === undefined && batch.length === 0) continue;
    const env = get(root, 'env')?.value;
    const shell = shellOf(textOf(env, 'shell'));
    const name = stemOf(context.document.path);
    const whole = phases?.key.range ?? pairAt(root, 'batch') ?? root.range;
    const steps = [...entriesOf(phases?.value)].flatMap(({ name: phase, key, value }) => stepsOf(phase, value, { key, shell, cache: get(root, 'cache')?.value, artifacts: get(root, 'artifacts')?.value }));
    const build: JobSource = { value: { id: 'build', name }, whole, places: { id: whole }, steps };
    statePipeline(context, {
      dialect: DIALECT,
      value: { name },
      whole,
      triggers: TRIGGERS,
      variables: [...variablesOf(get(env, 'variables')?.value), ...secretsOf(get(env, 'parameter-store')?.value), ...secretsOf(get(env, 'secrets-manager')?.value)],
      jobs: [...(phases === undefined ? [] : [build]), ...batch],
    });
  }
};

function shellOf(text: string): string {
  return /powershell/i.test(text) ? 'pwsh' : text || 'sh';
}

/** Parameters and secrets that are fetched into variables. */
function secretsOf(node: YamlNode | undefined): VariableSource[] {
  return [...entriesOf(node)].map(({ name, value }) => ({ name, secret: true, range: contentOf(value) }));
}

interface Surroundings {
  readonly key: YamlNode;
  readonly shell: string;
  readonly cache: YamlNode | undefined;
  readonly artifacts: YamlNode | undefined;
}

/** The commands of a phase, with those that run whatever happens, are one script: one shell runs them all. */
function stepsOf(phase: string, node: YamlNode, { key, shell, cache, artifacts }: Surroundings): StepSource[] {
  const commands = [...scalarsOf(get(node, 'commands')?.value), ...scalarsOf(get(node, 'finally')?.value)].filter(({ value }) => value !== null);
  const actions = itemsOf(get(node, 'steps')?.value).flatMap(actionOf);
  if (commands.length === 0) return actions;
  const last = phase === 'post_build';
  return [
    ...actions,
    {
      value: {
        id: phase,
        name: phase,
        continueOnError: /^CONTINUE$/i.test(textOf(node, 'on-failure')),
        ...(phase === 'install' && cache !== undefined && { cache: 'both', cacheKey: textOf(cache, 'key') }),
        ...(last && artifacts !== undefined && { uploadsArtifact: textsOf(get(artifacts, 'files')?.value) }),
      },
      whole: contentOf(key),
      places: { continueOnError: contentAt(node, 'on-failure'), run: pairAt(node, 'commands'), cache: cache?.range, uploadsArtifact: contentAt(artifacts, 'files') },
      script: { text: joinTexts(commands, '\n'), shell },
    },
  ];
}

/** Actions of GitHub, which phases may use: https://docs.aws.amazon.com/codebuild/latest/userguide/action-runner.html */
function actionOf(node: YamlNode): StepSource[] {
  const uses = scalarOf(node, 'uses');
  if (uses === undefined) return [];
  const at = uses.text.lastIndexOf('@');
  const name = (at < 0 ? uses.text : uses.text.slice(0, at)).toLowerCase();
  const ref = at < 0 ? '' : uses.text.slice(at + 1);
  const [owner = '', repository = ''] = name.split('/');
  const reference: ReferenceSource = { value: { text: uses.text, kind: 'action', name, owner, repository, ref, pin: pinOfRef(ref) }, where: 'step', whole: contentOf(uses), trusted: owner === 'actions' || owner === 'aws-actions' };
  return [{ value: { name: textOf(node, 'name') }, whole: contentOf(uses), uses: reference }];
}

/** Builds of a batch that name an image: https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build-buildspec.html */
function batchImages(batch: YamlNode | undefined): JobSource[] {
  return ['build-graph', 'build-list'].flatMap((kind) =>
    itemsOf(get(batch, kind)?.value).flatMap((node): JobSource[] => {
      const env = get(node, 'env')?.value;
      const image = scalarOf(env, 'image');
      const identifier = scalarOf(node, 'identifier');
      if (image === undefined) return [];
      const privileged = textOf(env, 'privileged-mode') === 'true';
      const container: Partial<ContainerValue> = { privileged };
      const source: ImageSource = { text: image, where: 'container', container };
      return [
        {
          value: { id: identifier?.text ?? kind, needs: textsOf(get(node, 'depend-on')?.value) },
          whole: contentOf(identifier ?? image),
          places: { container: privileged ? contentAt(env, 'privileged-mode') : contentOf(image) },
          // Images of the platform itself carry its own versions.
          ...(!image.text.startsWith('aws/codebuild/') && { image: source }),
          steps: [],
        },
      ];
    }),
  );
}

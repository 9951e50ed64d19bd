import type { LocatedText } from '../../syntax/located-text.js';
import type { YamlNode, YamlScalar } from '../../syntax/yaml-node.js';
import { get } from '../../syntax/yaml-query.js';
import { stemOf } from '../common/context.js';
import { contentAt, contentOf, isTrue, itemsOf, pairAt, scalarOf, scalarsOf, secondsOf, textOf, textsOf } from '../common/values.js';
import { readYamlDocuments } from '../common/yaml.js';
import { commandLine } from '../pipeline/command-line.js';
import { type Dialect, type JobSource, type PipelineReader, type ScriptSource, statePipeline, type StepSource, type TriggerSource, type VariableSource } from '../pipeline/index.js';
import { sliceOf } from '../pipeline/pairs.js';
import { declaredSubstitutions, givenSubstitutions, PREDEFINED, SUBSTITUTION } from './substitutions.js';

/*
 * Google Cloud Build: steps in containers, in whose arguments substitutions are replaced.
 * https://cloud.google.com/build/docs/build-config-file-schema
 */

const DIALECT: Dialect = { platform: 'cloudbuild', predefined: PREDEFINED, templates: SUBSTITUTION.templates, references: SUBSTITUTION.templates };

/** States the facts of a build configuration. */
export const readCloudBuild: PipelineReader = (context) => {
  const [root] = readYamlDocuments(context);
  const steps = itemsOf(get(root, 'steps')?.value).filter(({ kind }) => kind === 'mapping');
  if (root === undefined || steps.length === 0) return;
  const { inputs, values } = declaredSubstitutions(get(root, 'substitutions')?.value);
  const given = givenSubstitutions(context.document.text, new Set(inputs.map(({ value }) => value.name)));
  const options = get(root, 'options')?.value;
  const name = stemOf(context.document.path);
  const whole = pairAt(root, 'steps') ?? root.range;
  const account = scalarOf(root, 'serviceAccount');
  const timeout = scalarOf(root, 'timeout');
  const seconds = secondsOf(timeout?.text ?? '');
  const pushes = pairAt(root, 'images');
  const pulls = /\$\{?_(?:PR_NUMBER|HEAD_BRANCH|HEAD_REPO_URL)\b/.test(context.document.text);
  statePipeline(context, {
    dialect: DIALECT,
    value: { name },
    whole,
    places: { inputs: pairAt(root, 'substitutions') },
    triggers: pulls ? [BUILD, PULL_REQUEST] : [BUILD],
    variables: environmentOf(options),
    inputs,
    jobs: [
      {
        value: { id: 'build', name, serviceAccount: account?.text ?? '', deploys: pushes !== undefined, timeoutMinutes: seconds < 0 ? -1 : Math.ceil(seconds / 60) },
        whole,
        places: { id: whole, serviceAccount: account === undefined ? undefined : contentOf(account), timeoutMinutes: timeout === undefined ? undefined : contentOf(timeout), deploys: pushes },
        values: new Map([...given, ...values]),
        ...(pulls && { condition: APPROVED }),
        steps: steps.map(stepOf),
      },
    ],
  });
};

/** What starts a build is a trigger, which stands elsewhere. */
const BUILD: TriggerSource = { event: 'build', by: 'unknown', privileged: false };
/** A file that asks for the pull request is run for pull requests, with the secrets and the account of the build. */
const PULL_REQUEST: TriggerSource = { event: 'pull_request', by: 'attacker', privileged: true };
/** By default those of strangers wait: https://cloud.google.com/build/docs/automating-builds/github/build-repos-from-github */
const APPROVED: NonNullable<JobSource['condition']> = { guards: [{ kind: 'label', text: '`/gcbrun` of a member', sound: true }] };

/** `env` and `secretEnv`, which steps and options have. */
function environmentOf(node: YamlNode | undefined): VariableSource[] {
  return [
    ...itemsOf(get(node, 'env')?.value).flatMap((item) => sliceOf(item, '=')),
    ...scalarsOf(get(node, 'secretEnv')?.value).map((scalar): VariableSource => ({ name: scalar.text, secret: true, range: contentOf(scalar) })),
  ];
}

function stepOf(node: YamlNode, index: number): StepSource {
  const image = scalarOf(node, 'name');
  const label = scalarOf(node, 'id') ?? image;
  const script = scriptOf(node, image);
  const seconds = secondsOf(textOf(node, 'timeout'));
  const codes = textsOf(get(node, 'allowExitCodes')?.value);
  return {
    value: {
      id: textOf(node, 'id'),
      name: textOf(node, 'id') || `step ${index + 1}`,
      workingDirectory: textOf(node, 'dir'),
      continueOnError: isTrue(get(node, 'allowFailure')?.value) || codes.length > 0,
      timeoutMinutes: seconds < 0 ? -1 : Math.ceil(seconds / 60),
    },
    whole: label === undefined ? node.range : contentOf(label),
    places: { continueOnError: contentAt(node, 'allowFailure') ?? contentAt(node, 'allowExitCodes'), run: pairAt(node, 'script') ?? pairAt(node, 'args'), timeoutMinutes: contentAt(node, 'timeout'), uses: contentAt(node, 'name') },
    variables: environmentOf(node),
    ...(image !== undefined && { image: { text: image, where: 'step', trusted: /^gcr\.io\/(?:cloud-builders|google\.com\/cloudsdktool)\//.test(image.text) } }),
    ...(script !== undefined && { script }),
  };
}

/** Programs that images of the platform start by themselves, by the end of the image's name. */
const ENTRYPOINTS: ReadonlySet<string> = new Set(['bazel', 'curl', 'docker', 'dotnet', 'gcloud', 'git', 'go', 'gradle', 'gsutil', 'javac', 'kubectl', 'mvn', 'npm', 'wget', 'yarn', 'terraform', 'helm']);

function scriptOf(node: YamlNode, image: YamlScalar | undefined): ScriptSource | undefined {
  const script = scalarOf(node, 'script');
  // Nothing is replaced in a `script`: https://cloud.google.com/build/docs/configuring-builds/run-bash-scripts
  if (script !== undefined && script.value !== null) return { text: script, shell: '', templates: [] };
  const entrypoint = scalarOf(node, 'entrypoint');
  const args = scalarsOf(get(node, 'args')?.value).filter(({ value }) => value !== null);
  const program = entrypoint ?? programOf(image, args[0]);
  const words: LocatedText[] = [...(program === undefined ? [] : [program]), ...args];
  if (words[0] === undefined || words[0].text.startsWith('-')) return undefined;
  const line = commandLine(words);
  return line === undefined ? undefined : { ...line, ...SUBSTITUTION.script(line.text) };
}

/** The program that an image starts: it is written nowhere, so its place is in front of its first argument. */
function programOf(image: YamlScalar | undefined, first: YamlScalar | undefined): LocatedText | undefined {
  if (image === undefined || first === undefined) return undefined;
  const name = image.text.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  const last = name.slice(name.lastIndexOf('/') + 1);
  if (!name.startsWith('gcr.io/') || !ENTRYPOINTS.has(last)) return undefined;
  const { start } = contentOf(first);
  const range = { start, end: start };
  return { text: last, range, sourceRange: () => range };
}

import type { SourceRange } from '../../core/index.js';
import { emptyValue } from '../empty.js';
import type { FactOf, FactValue } from '../schema.js';
import { isSecretName } from '../shell/index.js';
import { type Parents, type Places, type ReadContext, state } from './context.js';
import { stateLiteral } from './literals.js';
import { strengthOf } from './patterns.js';

type ParameterValue = FactValue<'parameter'>;

/** A declared input and what the readers of scripts need to know of it. */
export interface Declared {
  readonly fact: FactOf<'parameter'>;
  /** Names under which templates read it, such as `option.dir`. */
  readonly templates: readonly string[];
  /** Variables under which scripts find it in their environment, such as `RD_OPTION_DIR`. */
  readonly variables: readonly string[];
}

/** What a format says of a parameter; all else follows from it. */
export interface ParameterSource {
  readonly value: Partial<ParameterValue> & { readonly name: string };
  readonly whole: SourceRange;
  readonly places?: Places;
  readonly parents: Parents;
  readonly templates?: readonly string[];
  readonly variables?: readonly string[];
  /** The platform compares the whole value with the pattern, whatever anchors it has. */
  readonly wholePattern?: boolean;
}

/** Types whose values hold no character with a meaning for a shell. */
const SAFE_TYPE = /^(?:int(?:eger)?|number|float|double|bool(?:ean)?|checkbox|choice|enum|date(?:time)?|AWS::EC2::\w+::Id|List<AWS::EC2::\w+::Id>|AWS::IAM::Role::Arn|AWS::S3::Bucket::Name)$/i;
/** Characters with which a value can end a word, leave quotes or start a command; a space alone does neither inside quotes. */
const CODE = new Set([';', '|', '&', '$', '`', '(', ')', '<', '>', '\n', '"', "'", '\\']);

/** States a `parameter` fact, and a `literal-secret` where the default of a secret is written. */
export function stateParameter(context: ReadContext, source: ParameterSource): Declared {
  const { value: known, whole, places = {}, parents } = source;
  const value: ParameterValue = { ...emptyValue('parameter'), controlledBy: 'operator', where: 'runbook', ...known };
  if (value.pattern !== '') {
    const { anchored, admits } = strengthOf(value.pattern, source.wholePattern);
    value.patternAnchored = anchored;
    value.patternAdmits = [...admits];
  }
  value.secretName = isSecretName(value.name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replace(/[.-]/g, '_'));
  const soundPattern = value.pattern !== '' && value.patternAnchored && !value.patternAdmits.some((character) => CODE.has(character));
  value.restricted = SAFE_TYPE.test(value.type) || value.restricted || soundPattern;
  const fact = state(context, 'parameter', value, whole, { name: whole, ...places }, parents);
  const defaultPlace = places['default'];
  if (value.default !== '' && defaultPlace !== undefined && (value.secret || value.secretName)) stateLiteral(context, value.name, value.default, defaultPlace, 'input', parents);
  return { fact, templates: source.templates ?? [value.name], variables: source.variables ?? [] };
}

/** Finds declared inputs by the names that templates and scripts use. */
export class DeclaredInputs {
  private readonly byTemplate = new Map<string, Declared>();
  private readonly byVariable = new Map<string, Declared>();

  constructor(declared: Iterable<Declared> = []) {
    for (const one of declared) this.add(one);
  }

  add(one: Declared): void {
    for (const name of one.templates) if (!this.byTemplate.has(name)) this.byTemplate.set(name, one);
    for (const name of one.variables) if (!this.byVariable.has(name)) this.byVariable.set(name, one);
  }

  template(name: string): Declared | undefined {
    return this.byTemplate.get(name);
  }

  variable(name: string): Declared | undefined {
    return this.byVariable.get(name);
  }
}
